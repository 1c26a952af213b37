// What a shared library shows: the functions and classes marked here, and nothing else.
#pragma once

/// Static libraries are made of the same objects, so the macros are the same for them.
#if defined(__GNUC__)
#define STRATEM_EXPORT __attribute__((visibility("default")))
#define STRATEM_HIDDEN __attribute__((visibility("hidden")))  // within a class that is shown
#else
#define STRATEM_EXPORT
#define STRATEM_HIDDEN
#endif
