/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdio.h>

#include "base/text.h"
#include "differ.h"

#define PREFIX "class-"
#define SUFFIX ".bin"

static bool complain(const char *about, const char *what)
{
	fprintf(stderr, "review: '%s' %s\n", about, what);
	return false;
}

static bool read_file(struct text *out, const char *path)
{
	uint8_t bytes[4096];
	FILE *file = fopen(path, "rb");
	if (!file)
		return complain(path, "cannot be read");
	for (size_t n = fread(bytes, 1, sizeof(bytes), file); n;
	     n = fread(bytes, 1, sizeof(bytes), file))
		text_append(out, span_of(bytes, n));
	fclose(file);
	return true;
}

/* The file that is named after a class shows it. */
static bool is_shown(const char *folder, size_t class)
{
	char path[4096];
	struct text bytes;
	uint64_t shown = 0;
	snprintf(path, sizeof(path), "%s/" PREFIX "%s" SUFFIX, folder, differ_classes[class].name);
	text_init(&bytes);
	bool good = read_file(&bytes, path);
	if (good) {
		differ_hits();
		LLVMFuzzerTestOneInput((const uint8_t *)bytes.at, bytes.len);
		shown = differ_hits();
	}
	text_release(&bytes);
	if (good && !(shown >> class & 1))
		return complain(path, "does not show the class that it is named after");
	return good;
}

static bool is_listed(struct span name)
{
	for (size_t i = 0; i < differ_classes_len; i++) {
		if (span_is(name, differ_classes[i].name))
			return true;
	}
	return false;
}

/* No file is named after a class that is not in the list. */
static bool names_are_listed(const char *folder)
{
	const size_t prefix = strlen(PREFIX), suffix = strlen(SUFFIX);
	bool good = true;
	DIR *files = opendir(folder);
	if (!files)
		return complain(folder, "cannot be read");
	for (struct dirent *file = readdir(files); file; file = readdir(files)) {
		size_t len = strlen(file->d_name);
		if (strncmp(file->d_name, PREFIX, prefix) != 0 || len < prefix + suffix)
			continue;
		if (!is_listed(span_of(file->d_name + prefix, len - prefix - suffix)))
			good = complain(file->d_name, "is named after a class that is not listed");
	}
	closedir(files);
	return good;
}

/* Who calls it well formed, or accepts it. */
static const char *accepts(const struct differ_class *class)
{
	switch (class->kind) {
	case DIFFER_THEIRS:
		return "they";
	case DIFFER_OURS:
		return "we";
	case DIFFER_JUDGED:
		return class->gate == ANY_ALERT ? "one" : class->gate ? "they" : "we";
	case DIFFER_READ:
		return "both";
	}
	return NULL;
}

static void write_row(struct text *out, const struct differ_class *class)
{
	text_printf(out, "| `%s` | %s | %s | %s | %s |", class->name, accepts(class),
		    class->section, class->verdict, class->why);
}

/* The documentation has the row of every class. */
static bool is_documented(const struct text *document, const struct differ_class *class)
{
	struct text row;
	text_init(&row);
	write_row(&row, class);
	bool found = memmem(document->at, document->len, row.at, row.len) != NULL;
	text_release(&row);
	return found || complain(class->name, "does not have its row in the documentation");
}

static bool review(const char *folder, const char *path)
{
	struct text document;
	text_init(&document);
	bool good = names_are_listed(folder);
	good = read_file(&document, path) && good;
	for (size_t i = 0; i < differ_classes_len; i++) {
		good = is_shown(folder, i) && good;
		good = is_documented(&document, &differ_classes[i]) && good;
	}
	text_release(&document);
	return good;
}

/* main_review FOLDER DOCUMENT: the list, the corpus and the documentation belong together. Without
 * arguments: the rows for the documentation. */
int main(int argc, char **argv)
{
	struct text table;
	text_init(&table);
	for (size_t i = 0; argc < 3 && i < differ_classes_len; i++) {
		write_row(&table, &differ_classes[i]);
		text_printf(&table, "\n");
	}
	printf("%.*s", (int)table.len, (const char *)table.at);
	text_release(&table);
	if (argc < 3)
		return 0;
	if (!review(argv[1], argv[2]))
		return 1;
	printf("%zu classes, each shown and documented\n", differ_classes_len);
	return 0;
}
