/* LD_PRELOAD shim for scripts/bench: every fsync and fdatasync takes FLUSH_US microseconds (1000 by default) and
 * touches no device, so that figures compare between machines whose disks do not. Nothing but benchmarks may use
 * it: what it "flushes" does not survive a power cut. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

static struct timespec cost = {0, 1000000};

__attribute__((constructor)) static void read_cost(void) {
  const char *text = getenv("FLUSH_US");
  long microseconds = text ? atol(text) : 1000;
  cost.tv_sec = microseconds / 1000000;
  cost.tv_nsec = (microseconds % 1000000) * 1000;
}

static int pretend(int descriptor) {
  struct stat ignored;
  if (fstat(descriptor, &ignored) != 0) return -1;
  struct timespec left = cost;
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
  return 0;
}

int fsync(int descriptor) { return pretend(descriptor); }
int fdatasync(int descriptor) { return pretend(descriptor); }
