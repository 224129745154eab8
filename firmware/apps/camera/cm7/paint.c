#include "cm7/paint.h"

#include <string.h>

/* --- What a command looks like, as a hash (FNV-1a), and where it is --- */

static uint32_t mix(uint32_t hash, uint32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        hash = (hash ^ (value >> shift & 255)) * 16777619u;
    return hash;
}

static uint32_t argb_of(struct nk_color colour)
{
    return (uint32_t)colour.a << 24 | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
}

static struct painted describe_rect(const struct nk_command_rect_filled *rect)
{
    uint32_t hash = mix(mix(NK_COMMAND_RECT_FILLED, rect->rounding), argb_of(rect->color));
    return (struct painted){hash, box_of(rect->x, rect->y, rect->w, rect->h)};
}

static struct painted describe_circle(const struct nk_command_circle_filled *circle)
{
    uint32_t hash = mix(NK_COMMAND_CIRCLE_FILLED, argb_of(circle->color));
    return (struct painted){hash, box_of(circle->x, circle->y, circle->w, circle->h)};
}

/* Letters may lean out of the space that they move the pen by. */
static struct painted describe_text(const struct nk_command_text *text)
{
    enum { LEAN = 3 };
    enum letters_font font = (enum letters_font)text->font->userdata.id;
    uint32_t hash = mix(mix(NK_COMMAND_TEXT, font), argb_of(text->foreground));
    for (int n = 0; n < text->length; n++)
        hash = (hash ^ (uint8_t)text->string[n]) * 16777619u;
    int width = letters_width(font, text->string, (uint32_t)text->length);
    return (struct painted){
        hash, box_of(text->x - LEAN, text->y, width + 2 * LEAN, letters_height(font) + LEAN)};
}

static bool is_picture(const struct nk_image *image)
{
    return image->w != 0;
}

static struct painted describe_image(const struct nk_command_image *image)
{
    uint32_t hash = mix(NK_COMMAND_IMAGE, argb_of(image->col));
    if (is_picture(&image->img)) {
        const struct paint_picture *picture = image->img.handle.ptr;
        hash = mix(mix(hash, (uint32_t)(uintptr_t)picture), picture->version);
    } else {
        hash = mix(hash, (uint32_t)image->img.handle.id);
    }
    return (struct painted){hash, box_of(image->x, image->y, image->w, image->h)};
}

static struct painted describe(const struct nk_command *command)
{
    switch (command->type) {
    case NK_COMMAND_RECT_FILLED:
        return describe_rect((const struct nk_command_rect_filled *)command);
    case NK_COMMAND_CIRCLE_FILLED:
        return describe_circle((const struct nk_command_circle_filled *)command);
    case NK_COMMAND_TEXT:
        return describe_text((const struct nk_command_text *)command);
    case NK_COMMAND_IMAGE:
        return describe_image((const struct nk_command_image *)command);
    default:
        return (struct painted){0}; /* no screen has others */
    }
}

static struct box panel_box(void)
{
    return box_of(0, 0, GUI_WIDTH, GUI_HEIGHT);
}

void paint_list(struct gui *gui, struct painting *painting)
{
    const struct nk_command *command;
    painting->count = 0;
    painting->is_partial = false;
    nk_foreach(command, &gui->nk)
    {
        struct painted item = describe(command);
        item.box = box_common(item.box, panel_box());
        if (box_is_empty(item.box))
            continue;
        if (painting->count == PAINTED_MAX) {
            painting->is_partial = true;
            return;
        }
        painting->item[painting->count++] = item;
    }
}

/* --- Drawing --- */

static void draw_image(const struct canvas *canvas, const struct nk_command_image *image)
{
    if (is_picture(&image->img)) {
        const struct paint_picture *picture = image->img.handle.ptr;
        canvas_picture(canvas, box_of(image->x, image->y, image->w, image->h), picture->pixels,
                       picture->width);
    } else {
        canvas_icon(canvas, (unsigned)image->img.handle.id, image->x, image->y,
                    argb_of(image->col));
    }
}

static void draw(const struct canvas *canvas, const struct nk_command *command)
{
    const struct nk_command_rect_filled *rect = (const void *)command;
    const struct nk_command_circle_filled *circle = (const void *)command;
    const struct nk_command_text *text = (const void *)command;
    switch (command->type) {
    case NK_COMMAND_RECT_FILLED:
        canvas_fill(canvas, box_of(rect->x, rect->y, rect->w, rect->h), rect->rounding,
                    argb_of(rect->color));
        break;
    case NK_COMMAND_CIRCLE_FILLED:
        canvas_disc(canvas, box_of(circle->x, circle->y, circle->w, circle->h),
                    argb_of(circle->color));
        break;
    case NK_COMMAND_TEXT:
        canvas_text(canvas, (enum letters_font)text->font->userdata.id, text->x, text->y,
                    argb_of(text->foreground), text->string, (uint32_t)text->length);
        break;
    case NK_COMMAND_IMAGE:
        draw_image(canvas, (const void *)command);
        break;
    default:
        break;
    }
}

void paint_box(struct gui *gui, const struct canvas *canvas, struct box box)
{
    const struct nk_command *command;
    struct canvas part = *canvas;
    part.clip = box_common(canvas->clip, box);
    canvas_clear(&part, part.clip, 0);
    nk_foreach(command, &gui->nk)
    {
        if (!box_is_empty(box_common(describe(command).box, part.clip)))
            draw(&part, command);
    }
}
