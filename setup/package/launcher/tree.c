/* The unpacked files: their index, their check, their removal. */
#define _GNU_SOURCE
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

static const char index_name[] = ".files";
static FILE *index_file;
static size_t folder_length;

static int add_to_index(const char *path, const struct stat *found, int type, struct FTW *place) {
  (void)place;
  const char *name = path + folder_length + 1;
  if (type == FTW_F && strcmp(name, index_name) != 0)
    fprintf(index_file, "%lld %s\n", (long long)found->st_size, name);
  return 0;
}

int write_index(const char *folder) {
  index_file = fopen(path_of(folder, index_name), "we");
  if (index_file == NULL) return errno;
  folder_length = strlen(folder);
  if (nftw(folder, add_to_index, 16, FTW_PHYS) != 0) return errno;
  return fclose(index_file) == 0 ? 0 : errno;
}

bool is_complete(const char *folder) {
  FILE *index = fopen(path_of(folder, index_name), "re");
  if (index == NULL) return false;
  bool complete = true;
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  while (complete && (length = getline(&line, &room, index)) > 0) {
    line[length - 1] = '\0';
    char *name;
    long long size = strtoll(line, &name, 10);
    char *path = path_of(folder, name + 1);
    struct stat found;
    complete = stat(path, &found) == 0 && found.st_size == size;
    free(path);
  }
  free(line);
  fclose(index);
  return complete;
}

static int remove_entry(const char *path, const struct stat *found, int type, struct FTW *place) {
  (void)found, (void)type, (void)place;
  remove(path);
  return 0;
}

void remove_tree(const char *folder) { nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }
