/* A disk that fails or is recorded: loaded before the C library into the process under test.
 *
 * faults_watch(folder, log): only files under the folder are watched. Every operation on them is appended to the log, unless it is NULL, as it happened:
 *   char operation; uint16 length of the path; uint64 offset; uint64 length of the data; path; data
 * O a file was created, W written at offset, T cut to offset, S synced, U unlinked, R renamed to data.
 * faults_arm(after, error, count): `after` calls from now work, the next `count` fail with `error`; a failing write leaves half of its bytes behind.
 * faults_disarm(): how many calls have failed since.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096
#define REAL(name) ((__typeof__(&name))real(#name))

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static char *paths[MOST_FILES];
static const char *folder;
static int record_to = -1, fault;
static long calls_left, faults_left, failed;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

void faults_watch(const char *path, const char *log) {
    folder = strdup(path);
    if (log) record_to = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

void faults_arm(long after, int error, long count) {
    pthread_mutex_lock(&guard);
    calls_left = after, fault = error, faults_left = count, failed = 0;
    pthread_mutex_unlock(&guard);
}

long faults_disarm(void) {
    long met = failed;
    faults_arm(0, 0, 0);
    return met;
}

static int fails(void) {
    if (!fault || faults_left <= 0) return 0;
    if (calls_left-- > 0) return 0;
    faults_left--, failed++;
    return 1;
}

static int watched(const char *path) { return folder && path && strncmp(path, folder, strlen(folder)) == 0; }

static const char *path_of(int fd) { return fd >= 0 && fd < MOST_FILES ? paths[fd] : NULL; }

static void note(char operation, const char *path, uint64_t offset, const void *data, uint64_t length) {
    if (record_to < 0) return;
    uint16_t name = strlen(path);
    struct iovec parts[] = {{&operation, 1}, {&name, 2}, {&offset, 8}, {&length, 8}, {(void *)path, name}, {(void *)data, length}};
    if (REAL(writev)(record_to, parts, data ? 6 : 5) < 0) abort();
}

static int opened(const char *path, int flags, int fd, int is_new) {
    if (fd >= 0 && fd < MOST_FILES) {
        free(paths[fd]);
        paths[fd] = watched(path) ? strdup(path) : NULL;
        if (paths[fd] && is_new) note('O', path, 0, NULL, 0);
        else if (paths[fd] && (flags & O_TRUNC)) note('T', path, 0, NULL, 0);
    }
    return fd;
}

static int open_as(const char *name, int at, const char *path, int flags, mode_t mode) {
    int (*opens)(int, const char *, int, ...) = real(name);
    pthread_mutex_lock(&guard);
    int result = -1;
    if (watched(path) && fails()) errno = fault;
    else {
        int is_new = (flags & O_CREAT) && access(path, F_OK) != 0;
        result = opened(path, flags, opens(at, path, flags, mode), is_new);
    }
    pthread_mutex_unlock(&guard);
    return result;
}

#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
int open(const char *path, int flags, ...) { MODE(flags) return open_as("openat", AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_as("openat64", AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_as("openat", at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_as("openat64", at, path, flags, mode); }

int close(int fd) {
    pthread_mutex_lock(&guard);
    if (path_of(fd)) { free(paths[fd]); paths[fd] = NULL; }
    pthread_mutex_unlock(&guard);
    return REAL(close)(fd);
}

static ssize_t put(int fd, const void *data, size_t length, off_t offset) {
    const char *path = path_of(fd);
    pthread_mutex_lock(&guard);
    int broken = fails();
    ssize_t result = REAL(pwrite)(fd, data, broken ? length / 2 : length, offset);
    if (result > 0) note('W', path, offset, data, result);
    if (broken) { errno = fault; result = -1; }
    pthread_mutex_unlock(&guard);
    return result;
}

static off_t place_of(int fd) {
    struct stat found;
    if (fcntl(fd, F_GETFL) & O_APPEND) return fstat(fd, &found) == 0 ? found.st_size : 0;
    return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *data, size_t length) {
    if (!path_of(fd)) return REAL(write)(fd, data, length);
    off_t place = place_of(fd);
    ssize_t result = put(fd, data, length, place);
    if (result > 0) lseek(fd, place + result, SEEK_SET);
    return result;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return path_of(fd) ? put(fd, data, length, offset) : REAL(pwrite)(fd, data, length, offset); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) { return path_of(fd) ? put(fd, data, length, offset) : REAL(pwrite64)(fd, data, length, offset); }

static ssize_t put_all(int fd, const struct iovec *parts, int count, off_t offset) {
    ssize_t total = 0;
    for (int part = 0; part < count; part++) {
        ssize_t done = put(fd, parts[part].iov_base, parts[part].iov_len, offset + total);
        if (done < 0) return total ? total : -1;
        total += done;
        if ((size_t)done < parts[part].iov_len) break;
    }
    return total;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return path_of(fd) ? put_all(fd, parts, count, offset) : REAL(pwritev)(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    return path_of(fd) ? put_all(fd, parts, count, offset) : REAL(pwritev64)(fd, parts, count, offset);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!path_of(fd)) return REAL(writev)(fd, parts, count);
    off_t place = place_of(fd);
    ssize_t result = put_all(fd, parts, count, place);
    if (result > 0) lseek(fd, place + result, SEEK_SET);
    return result;
}

static int cut(const char *name, int fd, off_t length) {
    int (*cuts)(int, off_t) = real(name);
    const char *path = path_of(fd);
    if (!path) return cuts(fd, length);
    pthread_mutex_lock(&guard);
    int result = -1;
    if (fails()) errno = fault;
    else if ((result = cuts(fd, length)) == 0) note('T', path, length, NULL, 0);
    pthread_mutex_unlock(&guard);
    return result;
}
int ftruncate(int fd, off_t length) { return cut("ftruncate", fd, length); }
int ftruncate64(int fd, off64_t length) { return cut("ftruncate64", fd, length); }

static int sync_as(const char *name, int fd) {
    int (*syncs)(int) = real(name);
    const char *path = path_of(fd);
    if (!path) return syncs(fd);
    pthread_mutex_lock(&guard);
    int result = -1;
    if (fails()) errno = fault;
    else if ((result = syncs(fd)) == 0) note('S', path, 0, NULL, 0);
    pthread_mutex_unlock(&guard);
    return result;
}
int fsync(int fd) { return sync_as("fsync", fd); }
int fdatasync(int fd) { return sync_as("fdatasync", fd); }

int unlink(const char *path) {
    if (!watched(path)) return REAL(unlink)(path);
    pthread_mutex_lock(&guard);
    int result = -1;
    if (fails()) errno = fault;
    else if ((result = REAL(unlink)(path)) == 0) note('U', path, 0, NULL, 0);
    pthread_mutex_unlock(&guard);
    return result;
}

int rename(const char *from, const char *to) {
    if (!watched(to)) return REAL(rename)(from, to);
    pthread_mutex_lock(&guard);
    int result = -1;
    if (fails()) errno = fault;
    else if ((result = REAL(rename)(from, to)) == 0) note('R', from, 0, to, strlen(to));
    pthread_mutex_unlock(&guard);
    return result;
}
