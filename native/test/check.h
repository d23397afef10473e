#pragma once

#include <cstdio>
#include <cstdlib>

/** Ends the program with the place and the words of what does not hold. */
#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);     \
      std::exit(1);                                                   \
    }                                                                 \
  } while (false)
