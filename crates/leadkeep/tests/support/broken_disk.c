/* A disk that confirms nothing as long as a file is there: fdatasync, by which leadkeep brings its log to the disk, fails.
   Loaded into the server with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int fdatasync(int file) {
    const char *broken = getenv("BROKEN_DISK");
    if (broken && access(broken, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    int (*own)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return own(file);
}
