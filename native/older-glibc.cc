// What a static libstdc++ of a newer glibc asks for, in terms of what glibc 2.36 has. In prebuilt binaries only.
#include <cstdlib>

// By its name in the library: the headers of a newer glibc make C23's of it, which is what is defined here.
extern "C" unsigned long older_strtoul(const char *text, char **end, int base) __asm__("strtoul");

/** C23's differs in that it also reads numbers that begin with 0b, of which nothing here knows. */
extern "C" unsigned long __isoc23_strtoul(const char *text, char **end, int base) {
  return older_strtoul(text, end, base);
}
