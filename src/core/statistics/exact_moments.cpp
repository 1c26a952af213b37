#include "core/statistics/exact_moments.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

namespace stratem::core {
namespace {

using Whole = boost::multiprecision::cpp_int;
using Wide = boost::multiprecision::cpp_bin_float_100;

/// In units of the sum's last digit.
template <int lowest, int digits>
Whole whole(const ExactSum<lowest, digits>& sum) {
  Whole result = 0;
  for (int i = digits; i-- > 0;) result = (result << 32) + sum.digit(i);
  return result;
}

}  // namespace

double mean(const Moments& moments) {
  const Wide sum = ldexp(Wide(whole(moments.sum())), moments.sum().lowest_exponent);
  return static_cast<double>(sum / moments.count());
}

/// No digit is lost where the spread is small compared with the mean, because the difference is of
/// whole numbers.
double standard_deviation(const Moments& moments) {
  const Whole sum = whole(moments.sum());
  const Whole square = whole(moments.squares()) * moments.count() - sum * sum;
  const Wide root = sqrt(Wide(square)) / moments.count();
  return static_cast<double>(ldexp(root, moments.sum().lowest_exponent));
}

}  // namespace stratem::core
