/* Unpacks the archive: ustar in one zstd frame, whose checksum covers every byte. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "launcher.h"

enum { block = 512, input_bytes = 1 << 17, chunk = 1 << 20 };

static const struct archive *source;
static ZSTD_DStream *decoder;
static char input_buffer[input_bytes];
static ZSTD_inBuffer input = {input_buffer, 0, 0};
static long long consumed;
/** 0 after the last byte of the frame, and its checksum, were read and were correct. */
static size_t pending = 1;

_Noreturn static void fail_damaged(const char *reason) {
  fail(1, "download it again, and compare it with SHA256SUMS", "this file is damaged: %s", reason);
}

/** Reads up to `size` bytes of the unpacked archive; fewer only at its end. */
static size_t read_archive(char *target, size_t size) {
  ZSTD_outBuffer output = {target, size, 0};
  while (output.pos < size && pending != 0) {
    if (input.pos == input.size && consumed < source->size) {
      long long left = source->size - consumed;
      size_t wanted = left < input_bytes ? (size_t)left : input_bytes;
      ssize_t got = pread(source->file, input_buffer, wanted, source->start + consumed);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) fail_damaged(got < 0 ? strerror(errno) : "it ends too early");
      input.size = (size_t)got;
      input.pos = 0;
      consumed += got;
    }
    size_t before = output.pos + input.pos;
    pending = ZSTD_decompressStream(decoder, &output, &input);
    if (ZSTD_isError(pending)) fail_damaged(ZSTD_getErrorName(pending));
    if (output.pos + input.pos == before && input.pos == input.size && consumed == source->size && pending != 0)
      fail_damaged("it ends too early");
  }
  return output.pos;
}

static void read_exactly(char *target, size_t size) {
  if (read_archive(target, size) != size) fail_damaged("it ends too early");
}

static int write_file(const char *path, mode_t mode, long long size, time_t modified) {
  static char data[chunk];
  int file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
  if (file < 0) return errno;
  while (size > 0) {
    size_t part = size < chunk ? (size_t)size : chunk;
    read_exactly(data, part);
    for (size_t written = 0; written < part;) {
      ssize_t count = write(file, data + written, part - written);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        int error = errno;
        close(file);
        return error;
      }
      written += (size_t)count;
    }
    size -= (long long)part;
  }
  /* The JVM's archives of classes are valid only for jars with the same time. */
  struct timespec times[2] = {{modified, 0}, {modified, 0}};
  int error = futimens(file, times) < 0 ? errno : 0;
  if (close(file) < 0 && error == 0) error = errno;
  return error;
}

static long long number(const char *field, size_t length) {
  char text[16] = "";
  memcpy(text, field, length);
  return strtoll(text, NULL, 8);
}

/** One entry of the archive. Sets `more` to false at the end of the archive. */
static int unpack_entry(const char *folder, bool *more) {
  char header[block];
  read_exactly(header, block);
  if (header[0] == '\0') {
    /* The rest is padding, read to its end because the checksum comes last. */
    while (read_archive(header, block) > 0) continue;
    *more = false;
    return 0;
  }
  char name[257];
  const char *prefix = header + 345;
  snprintf(name, sizeof name, "%.155s%s%.100s", prefix, prefix[0] == '\0' ? "" : "/", header);
  char *path = path_of(folder, name);
  int error;
  if (header[156] == '5') {
    error = mkdir(path, 0755) < 0 && errno != EEXIST ? errno : 0;
  } else {
    long long size = number(header + 124, 12);
    error = write_file(path, (mode_t)number(header + 100, 8) & 0777, size, (time_t)number(header + 136, 12));
    size_t padding = (size_t)(-size & (block - 1));
    if (error == 0) read_exactly(header, padding);
  }
  free(path);
  return error;
}

int unpack(const struct archive *archive, const char *folder) {
  source = archive;
  decoder = ZSTD_createDStream();
  if (decoder == NULL) return ENOMEM;
  /* The window that setup/package compresses with. */
  ZSTD_DCtx_setParameter(decoder, ZSTD_d_windowLogMax, 27);
  if (mkdir(folder, 0755) < 0) return errno;
  bool more = true;
  while (more) {
    int error = unpack_entry(folder, &more);
    if (error != 0) return error;
  }
  if (pending != 0) fail_damaged("its checksum is missing");
  ZSTD_freeDStream(decoder);
  return 0;
}
