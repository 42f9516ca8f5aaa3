/* The program: nothing but its version so far. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts(PACKAGE_NAME " " PACKAGE_VERSION);
		return 0;
	}
	fputs("usage: imgtui --version\n", stderr);
	return 2;
}
