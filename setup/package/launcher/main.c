/*
 * The launcher of the single file. It unpacks the archive that follows it in the file, once per version,
 * and replaces itself by Node with the program: signals and exit codes are Node's own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

enum { trailer_bytes = 128 };
static const char option[] = "--cache-dir";
static const char variable[] = "CONSUMER_CLUSTER_CACHE_DIR";

_Noreturn void fail(int code, const char *hint, const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("error: ", stderr);
  vfprintf(stderr, format, values);
  fprintf(stderr, "\nhint: %s\n", hint);
  exit(code);
}

char *path_of(const char *folder, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", folder, name) < 0) abort();
  return path;
}

/** The path of this file; the kernel passes the name by which it was started when there is no /proc. */
static char *own_path(void) {
  char *path = realpath("/proc/self/exe", NULL);
  return path != NULL ? path : realpath((const char *)getauxval(AT_EXECFN), NULL);
}

static struct archive find_archive(const char *path) {
  static const char hint[] = "download it again, and compare it with SHA256SUMS";
  struct archive archive = {.file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC)};
  if (archive.file < 0) fail(1, "make the file readable", "can't read %s: %s", path ? path : "this program", strerror(errno));
  char trailer[trailer_bytes + 1] = "";
  off_t end = lseek(archive.file, 0, SEEK_END);
  if (pread(archive.file, trailer, trailer_bytes, end - trailer_bytes) != trailer_bytes ||
      sscanf(trailer, "consumer-cluster archive %lld %lld %32s", &archive.size, &archive.unpacked, archive.hash) != 3)
    fail(1, hint, "%s is incomplete", path);
  archive.start = end - trailer_bytes - archive.size;
  return archive;
}

/** Creates a folder with its parents. @return false with errno */
static bool make_folder(const char *path, mode_t mode) {
  if (mkdir(path, mode) == 0 || errno == EEXIST) return true;
  char *parent = strdup(path), *slash = strrchr(parent, '/');
  bool made = false;
  if (errno == ENOENT && slash != NULL && slash != parent) {
    *slash = '\0';
    made = make_folder(parent, 0755) && (mkdir(path, mode) == 0 || errno == EEXIST);
  }
  free(parent);
  return made;
}

/** In a folder for temporary files, where others may create a folder with this name, too. */
static char *private_folder(void) {
  const char *place = getenv("TMPDIR");
  if (place == NULL || place[0] != '/') place = "/tmp";
  char *folder = NULL;
  if (asprintf(&folder, "%s/consumer-cluster-cache-%u", place, geteuid()) < 0) abort();
  struct stat found;
  if (mkdir(folder, 0700) < 0 && errno != EEXIST)
    fail(1, "pass --cache-dir DIR with a folder that you can write to", "can't create %s: %s", folder, strerror(errno));
  if (lstat(folder, &found) < 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid())
    fail(1, "pass --cache-dir DIR with a folder of your own", "%s belongs to another user", folder);
  chmod(folder, 0700);
  return folder;
}

/** The folder in the user's home; NULL when neither XDG_CACHE_HOME nor HOME names one. */
static char *home_folder(void) {
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (cache != NULL && cache[0] == '/') return path_of(cache, "consumer-cluster");
  struct stat found;
  if (home == NULL || home[0] != '/' || stat(home, &found) < 0 || !S_ISDIR(found.st_mode)) return NULL;
  return path_of(home, ".cache/consumer-cluster");
}

static char *provide_anywhere(const struct archive *archive, const char *wanted) {
  char *folder = wanted == NULL ? home_folder() : strdup(wanted), *version = NULL;
  if (folder != NULL && make_folder(folder, 0755)) {
    folder = realpath(folder, NULL);
    version = folder == NULL ? NULL : provide(archive, folder);
  }
  if (version == NULL && wanted != NULL)
    fail(1, "pass --cache-dir DIR with a folder of your own, on a file system that allows programs",
         "can't keep the program in %s: %s", wanted, strerror(errno));
  if (version == NULL) {
    folder = private_folder();
    version = provide(archive, folder);
    if (version == NULL)
      fail(1, "pass --cache-dir DIR with a folder of your own, on a file system that allows programs",
           "can't keep the program in %s: %s", folder, strerror(errno));
  }
  remove_unused(folder, archive->hash);
  return version;
}

/** Takes the launcher's option out of the arguments. @return its value, or NULL */
static const char *take_cache_dir(int *count, char **arguments) {
  const char *value = getenv(variable);
  if (value != NULL && value[0] == '\0') value = NULL;
  size_t length = strlen(option);
  int kept = 1, index = 1;
  for (; index < *count && strcmp(arguments[index], "--") != 0; index++) {
    char *argument = arguments[index];
    bool is_option = strncmp(argument, option, length) == 0;
    if (is_option && argument[length] == '=') {
      value = argument + length + 1;
    } else if (is_option && argument[length] == '\0') {
      if (++index >= *count) fail(2, "pass --cache-dir DIR", "option '--cache-dir DIR' argument missing");
      value = arguments[index];
    } else {
      arguments[kept++] = argument;
    }
  }
  while (index < *count) arguments[kept++] = arguments[index++];
  arguments[kept] = NULL;
  *count = kept;
  if (value != NULL && value[0] == '\0') fail(2, "pass --cache-dir DIR", "--cache-dir: '' is not a folder");
  return value;
}

int main(int count, char **arguments) {
  char *own = own_path();
  const struct archive archive = find_archive(own);
  char *version = provide_anywhere(&archive, take_cache_dir(&count, arguments));
  char *node = path_of(version, "bin/node");
  char **command = calloc((size_t)count + 2, sizeof *command);
  if (command == NULL) abort();
  command[0] = node;
  command[1] = path_of(version, "dist/cli.js");
  memcpy(command + 2, arguments + 1, ((size_t)count - 1) * sizeof *command);
  setenv("CONSUMER_CLUSTER_FILE", own, 1);
  add_missing_libraries(version);
  execv(node, command);
  fail(1, "the file needs Linux with glibc 2.28 or newer", "can't start %s: %s", node, strerror(errno));
}
