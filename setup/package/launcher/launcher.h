#ifndef LAUNCHER_H
#define LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>

/** What the last bytes of the file say about the archive in it. */
struct archive {
  /** The file itself, open for reading. */
  int file;
  /** Position and size of the compressed archive in the file. */
  long long start, size;
  /** Size of the unpacked files in bytes. */
  long long unpacked;
  /** Name of the folder with the unpacked files: the start of the archive's SHA-256. */
  char hash[33];
};

/** Prints an error and a hint, both formats of printf, and exits with the given code. */
_Noreturn void fail(int code, const char *hint, const char *format, ...);
/** A path of its parts, which the caller never frees: the process replaces itself soon. */
char *path_of(const char *folder, const char *name);

/** @return 0, or an errno; the folder must not exist */
int unpack(const struct archive *archive, const char *folder);
/** Lists all unpacked files with their sizes, for `is_complete`. @return 0, or an errno */
int write_index(const char *folder);
/** Checks that every file of the index exists and has its size. */
bool is_complete(const char *folder);
void remove_tree(const char *folder);

/**
 * Returns the folder of the unpacked program in the given cache folder, and unpacks it first if it is
 * missing or damaged. Holds a shared lock on it that ends with the process.
 * @return NULL when the cache folder can't be used; errno then has the reason
 */
char *provide(const struct archive *archive, const char *cache);
/** Removes other versions that no process uses and that were not started for an hour. */
void remove_unused(const char *cache, const char *own);
/** Is a program running whose file is in this folder? */
bool runs_from(const char *folder);

/** Adds the carried libraries that this system lacks to LD_LIBRARY_PATH. */
void add_missing_libraries(const char *version);

#endif
