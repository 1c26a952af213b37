#include "core/survey/geometry_group.hpp"

#include <algorithm>

namespace stratem::core {
namespace {

bool same_loop(const Loop& a, const Loop& b) {
  if (a.index() != b.index()) return false;
  if (const auto* circle = std::get_if<Circle>(&a)) {
    return circle->radius == std::get<Circle>(b).radius;
  }
  if (const auto* polygon = std::get_if<Polygon>(&a)) {
    return polygon->vertices == std::get<Polygon>(b).vertices;
  }
  return true;
}

bool same_receiver(const Receiver& a, const Receiver& b) {
  return a.position == b.position && a.height == b.height && a.component == b.component &&
         a.polarity == b.polarity;
}

bool same_geometry(const Moment& a, const Moment& b) {
  const double turns_ratio = a.transmitters[0].turns / b.transmitters[0].turns;
  const auto same_transmitter = [&](const Transmitter& x, const Transmitter& y) {
    return same_loop(x.loop, y.loop) && x.position == y.position && x.height == y.height &&
           x.polarity == y.polarity && x.turns == turns_ratio * y.turns;
  };
  return std::ranges::equal(a.transmitters, b.transmitters, same_transmitter) &&
         std::ranges::equal(a.receivers, b.receivers, same_receiver);
}

}  // namespace

double moment_gain(const Moment& moment, Normalization normalization) {
  if (normalization == Normalization::current) return moment.scale;
  double dipole_moment = 0.0;
  for (const auto& t : moment.transmitters) {
    dipole_moment += t.polarity * t.turns * loop_area(t.loop);
  }
  return moment.scale / dipole_moment;
}

std::vector<std::vector<GroupMember>> geometry_groups(const System& system) {
  std::vector<std::vector<GroupMember>> groups;
  std::int64_t gate = 0;
  for (std::size_t m = 0; m < system.moments.size(); ++m) {
    const Moment& moment = system.moments[m];
    const auto group = std::ranges::find_if(groups, [&](const auto& members) {
      return same_geometry(moment, system.moments[members.front().moment]);
    });
    GroupMember member{m, gate, 1.0};
    if (group == groups.end()) {
      groups.push_back({member});
    } else {
      const Moment& first = system.moments[group->front().moment];
      member.gain = moment_gain(moment, system.normalization) * moment.transmitters[0].turns /
                    (moment_gain(first, system.normalization) * first.transmitters[0].turns);
      group->push_back(member);
    }
    gate += static_cast<std::int64_t>(moment.gates.size());
  }
  return groups;
}

}  // namespace stratem::core
