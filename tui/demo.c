/* The built-in archive as a file in memory; see tui/demo.h. */
#include "demo.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/io.h"
#include "demo_data.h"

int demo_open(int *ret_fd, struct err *err)
{
	CLEANUP(closep) int fd = memfd_create("imgtui-demo", MFD_CLOEXEC);
	int result;

	if (fd < 0)
		return err_errno(err, errno, "cannot keep the demo image in memory");
	result = io_write(fd, demo_data, demo_data_size, err);
	if (result < 0)
		return result;
	*ret_fd = steal_fd(&fd);
	return 0;
}
