/* Libraries of GCC that Node needs and that the barest systems lack. Those of the system come first. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launcher.h"

static const char variable[] = "LD_LIBRARY_PATH";

/** Folders that the dynamic linkers of the usual systems search. */
static const char *const system_folders[] = {
#if defined(__x86_64__)
    "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu",
#elif defined(__aarch64__)
    "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
#endif
    "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib64", "/usr/local/lib",
};

static bool has_library(const char *folder, const char *name) {
  char *path = path_of(folder, name);
  bool found = access(path, R_OK) == 0;
  free(path);
  return found;
}

static bool system_has(const char *name) {
  for (size_t index = 0; index < sizeof system_folders / sizeof *system_folders; index++)
    if (has_library(system_folders[index], name)) return true;
  const char *value = getenv(variable);
  char *folders = strdup(value == NULL ? "" : value), *rest = folders;
  bool found = false;
  for (char *folder; !found && (folder = strsep(&rest, ":")) != NULL;) found = has_library(folder, name);
  free(folders);
  return found;
}

void add_missing_libraries(const char *version) {
  const char *carried = path_of(version, "lib");
  DIR *folder = opendir(carried);
  if (folder == NULL) return;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    const char *name = entry->d_name;
    if (name[0] == '.' || system_has(name)) continue;
    const char *value = getenv(variable);
    char *added = NULL;
    /* Each library has a folder of its own, so that a missing one does not hide the system's others. */
    if (asprintf(&added, "%s%s%s/%s", value ? value : "", value ? ":" : "", carried, name) < 0) abort();
    setenv(variable, added, 1);
  }
  closedir(folder);
}
