// What a shared library shows: the functions and classes marked here, and nothing else.
#pragma once

/// The same for a static library, which is made of the same objects.
#if defined(__GNUC__)
#define STRATEM_EXPORT __attribute__((visibility("default")))
#define STRATEM_HIDDEN __attribute__((visibility("hidden")))  // within a class that is shown
#else
#define STRATEM_EXPORT
#define STRATEM_HIDDEN
#endif
