/* Several images in one file: which one? Their numbers are those that PATH@NUMBER takes. */
#include <stdio.h>
#include <string.h>

#include "app.h"

static void refresh(struct app *app, struct view *view)
{
	list_set_count(&view->list,
		       app->shown->source ? source_image_count(app->shown->source) : 0);
}

static void title(const struct app *app, const struct view *view, char *out, size_t room)
{
	(void)app;
	snprintf(out, room, "%zu images: Enter opens one", view->list.count);
}

static void describe(const struct app *app, size_t row, char *out, size_t room)
{
	const struct source_image *image = source_image(app->shown->source, row);
	char platform[100], digest[DIGEST_TEXT];

	snprintf(out, room, "@%zu  %s  %s  %s%s", row, platform_text(&image->platform, platform),
		 image->tags[0] ? image->tags[0] : "(no name)",
		 image->config_member ? "" : digest_short(&image->manifest.digest, digest),
		 image->is_attestation ? "  (an attestation, no image)" : "");
}

static void draw_row(const struct app *app, const struct view *view, size_t row, struct pen *pen)
{
	char text[1024];

	(void)view;
	describe(app, row, text, sizeof(text));
	pen_text(pen, ROLE_TEXT, text);
}

static size_t row_text(const struct app *app, const struct view *view, size_t row, char *out,
		       size_t room)
{
	(void)view;
	describe(app, row, out, room);
	return strlen(out);
}

static unsigned enter(struct app *app, struct view *view)
{
	if (!view->list.count)
		return STALE_NONE;
	if (source_image(app->shown->source, view->list.cursor)->is_attestation)
		return app_say(app, ROLE_WARNING, "this is an attestation, no image");
	session_choose(app->session, view->list.cursor);
	app_refresh(app);
	return STALE_PAINT;
}

const struct view_ops view_chooser = {
	.name = "Images",
	.refresh = refresh,
	.title = title,
	.draw_row = draw_row,
	.row_text = row_text,
	.enter = enter,
};
