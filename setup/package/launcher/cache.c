/* The cache folder: one folder per version, named by its content, and one lock for all changes. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "launcher.h"

enum { unused_seconds = 3600, attempts = 5 };
static const char part_suffix[] = ".part";
static const char use_name[] = ".in-use";

static bool is_owned(const char *path) {
  struct stat found;
  return lstat(path, &found) == 0 && S_ISDIR(found.st_mode) && (found.st_uid == geteuid() || found.st_uid == 0);
}

/** Marks the version as used by this process, until it ends. @return false when it was removed meanwhile */
static bool mark_used(const char *version) {
  int use = open(path_of(version, use_name), O_RDONLY);
  if (use < 0) return false;
  /* File systems without locks exist; a version that was started recently is kept there, too. */
  if (flock(use, LOCK_SH) < 0 && errno == EINTR) return false;
  futimens(use, NULL);
  struct stat found;
  if (fstat(use, &found) == 0 && found.st_nlink > 0) return true;
  close(use);
  return false;
}

static bool has_suffix(const char *name, const char *suffix) {
  size_t length = strlen(name), tail = strlen(suffix);
  return length > tail && strcmp(name + length - tail, suffix) == 0;
}

/** Removes what starts that were killed have left. The caller holds the lock. */
static void remove_parts(const char *cache) {
  DIR *folder = opendir(cache);
  if (folder == NULL) return;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (has_suffix(entry->d_name, part_suffix)) remove_tree(path_of(cache, entry->d_name));
  closedir(folder);
}

/** @return the lock's descriptor, or -1 with errno */
static int lock_cache(const char *cache, int mode) {
  int lock = open(path_of(cache, "lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return -1;
  while (flock(lock, mode) < 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) break;
    close(lock);
    return -1;
  }
  return lock;
}

_Noreturn static void fail_unpacking(const struct archive *archive, const char *cache, int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    fail(1, "free space there, or pass --cache-dir DIR with a folder on another disk",
         "no space to unpack the program in %s: it needs %lld MiB", cache, (archive->unpacked >> 20) + 1);
  fail(1, "pass --cache-dir DIR with a folder that you can write to", "can't unpack the program in %s: %s", cache,
       strerror(error));
}

/** Fills the version's folder under another name first, so that it is complete whenever it exists. */
static void create_version(const struct archive *archive, const char *cache, const char *version) {
  remove_parts(cache);
  char *part = NULL;
  if (asprintf(&part, "%s%s", version, part_suffix) < 0) abort();
  /* A version that exists here is damaged. */
  if (rename(version, part) == 0) remove_tree(part);
  if (isatty(STDERR_FILENO)) fprintf(stderr, "unpacking the program to %s (first start of this version)\n", cache);
  int error = unpack(archive, part);
  if (error == 0) error = write_index(part);
  int use = error == 0 ? open(path_of(part, use_name), O_CREAT | O_WRONLY | O_CLOEXEC, 0644) : -1;
  if (error == 0 && (use < 0 || rename(part, version) < 0)) error = errno;
  close(use);
  if (error == 0) return;
  remove_tree(part);
  fail_unpacking(archive, cache, error);
}

char *provide(const struct archive *archive, const char *cache) {
  struct statvfs system;
  if (statvfs(cache, &system) < 0) return NULL;
  if ((system.f_flag & ST_NOEXEC) != 0) {
    errno = EACCES;
    return NULL;
  }
  char *version = path_of(cache, archive->hash);
  for (int attempt = 0; attempt < attempts; attempt++) {
    if (is_owned(version) && is_complete(version) && mark_used(version)) return version;
    int lock = lock_cache(cache, LOCK_EX);
    if (lock < 0 && (errno == ENOSPC || errno == EDQUOT)) fail_unpacking(archive, cache, errno);
    if (lock < 0) return NULL;
    struct stat found;
    if (lstat(version, &found) == 0 && !is_owned(version)) {
      errno = EPERM;
      return NULL;
    }
    if (!is_complete(version)) create_version(archive, cache, version);
    close(lock);
  }
  errno = EAGAIN;
  return NULL;
}

static void remove_if_unused(const char *version) {
  int use = open(path_of(version, use_name), O_RDONLY | O_CLOEXEC);
  struct stat found;
  bool unused = use >= 0 && fstat(use, &found) == 0 && found.st_mtime < time(NULL) - unused_seconds &&
                flock(use, LOCK_EX | LOCK_NB) == 0 && !runs_from(version);
  char *part = NULL;
  if (unused && asprintf(&part, "%s%s", version, part_suffix) > 0 && rename(version, part) == 0) remove_tree(part);
  if (use >= 0) close(use);
}

void remove_unused(const char *cache, const char *own) {
  DIR *folder = opendir(cache);
  if (folder == NULL) return;
  int lock = -1;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    bool is_version = strspn(entry->d_name, "0123456789abcdef") == strlen(own) && strlen(entry->d_name) == strlen(own);
    if (!is_version || strcmp(entry->d_name, own) == 0) continue;
    if (lock < 0) lock = lock_cache(cache, LOCK_EX | LOCK_NB);
    if (lock < 0) break;
    remove_if_unused(path_of(cache, entry->d_name));
  }
  if (lock >= 0) close(lock);
  closedir(folder);
}

bool runs_from(const char *folder) {
  DIR *processes = opendir("/proc");
  if (processes == NULL) return true;
  size_t length = strlen(folder);
  bool runs = false;
  for (struct dirent *entry; !runs && (entry = readdir(processes)) != NULL;) {
    char link[300], program[4096] = "";
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    snprintf(link, sizeof link, "/proc/%s/exe", entry->d_name);
    if (readlink(link, program, sizeof program - 1) < 0) continue;
    runs = strncmp(program, folder, length) == 0 && program[length] == '/';
  }
  closedir(processes);
  return runs;
}
