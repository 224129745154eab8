#include "sim/soc/jpeg_codec.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

enum { BLOCKS_MAX = 10, OUTPUT_STEP = 4096 };

/* ITU-T T.81 figure A.6: the place in a block, row by row, of each coefficient in zigzag order. */
static const uint8_t natural_place[64] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

/* A queue of bytes. */
struct queue {
    uint8_t *bytes;
    size_t first, length, capacity; /* `length` bytes from `first` */
};

/* One row of units, as libjpeg has it: a plane a component. */
struct unit_row {
    unsigned units, unit_bytes, blocks, lines; /* `lines` of the tallest component */
    struct {
        uint8_t component, x, y;
    } block[BLOCKS_MAX];
    size_t stride[JPEG_COMPONENTS];
    uint8_t *plane[JPEG_COMPONENTS];
    JSAMPROW line[JPEG_COMPONENTS][4 * DCTSIZE];
    size_t filled; /* bytes of the row that have come */
};

struct jpeg_codec {
    bool decodes, header, finished, failed, header_known, started;
    char error[JMSG_LENGTH_MAX];
    jmp_buf failure;
    struct jpeg_error_mgr errors;
    struct jpeg_shape shape;
    struct jpeg_tables tables;
    struct unit_row row;
    struct queue input, output; /* `input`: the decoder's */
    union {
        struct jpeg_compress_struct encoder;
        struct jpeg_decompress_struct decoder;
        struct jpeg_common_struct common;
    } lib;
    struct jpeg_destination_mgr destination;
    struct jpeg_source_mgr source;
    uint8_t step[OUTPUT_STEP]; /* libjpeg writes here, then it is queued */
};

/* --- Errors: libjpeg calls, we return to where the library was entered --- */

static void refuse(struct jpeg_codec *codec, const char *why)
{
    codec->failed = true;
    snprintf(codec->error, sizeof codec->error, "%s", why);
}

static void error_exit(j_common_ptr common)
{
    struct jpeg_codec *codec = common->client_data;
    common->err->format_message(common, codec->error);
    codec->failed = true;
    longjmp(codec->failure, 1);
}

static void give_up(struct jpeg_codec *codec, const char *why)
{
    refuse(codec, why);
    longjmp(codec->failure, 1);
}

static void no_message(j_common_ptr common)
{
    (void)common;
}

/* --- Queues --- */

static void append(struct jpeg_codec *codec, struct queue *queue, const uint8_t *bytes,
                   size_t count)
{
    if (queue->first && queue->first + queue->length + count > queue->capacity) {
        memmove(queue->bytes, queue->bytes + queue->first, queue->length);
        queue->first = 0;
    }
    if (queue->length + count > queue->capacity) {
        size_t capacity = 2 * (queue->length + count);
        uint8_t *grown = realloc(queue->bytes, capacity);
        if (!grown)
            give_up(codec, "out of memory");
        queue->bytes = grown;
        queue->capacity = capacity;
    }
    memcpy(queue->bytes + queue->first + queue->length, bytes, count);
    queue->length += count;
}

static void drop(struct queue *queue, size_t count)
{
    queue->first += count;
    queue->length -= count;
    if (!queue->length)
        queue->first = 0;
}

/* --- A row of units --- */

static bool shape_is_valid(const struct jpeg_shape *shape)
{
    unsigned blocks = 0;
    for (unsigned n = 0; n < shape->components; n++) {
        const struct jpeg_component *c = &shape->component[n];
        if (c->horizontal < 1 || c->horizontal > 4 || c->vertical < 1 || c->vertical > 4)
            return false;
        blocks += (unsigned)c->horizontal * c->vertical;
    }
    return shape->width && shape->height && shape->components && blocks <= BLOCKS_MAX;
}

static void lay_out_blocks(struct unit_row *row, const struct jpeg_shape *shape)
{
    for (unsigned n = 0; n < shape->components; n++)
        for (unsigned y = 0; y < shape->component[n].vertical; y++)
            for (unsigned x = 0; x < shape->component[n].horizontal; x++) {
                row->block[row->blocks].component = (uint8_t)n;
                row->block[row->blocks].x = (uint8_t)x;
                row->block[row->blocks++].y = (uint8_t)y;
            }
    row->unit_bytes = row->blocks * DCTSIZE2;
}

/* False: out of memory. */
static bool lay_out_row(struct jpeg_codec *codec)
{
    const struct jpeg_shape *shape = &codec->shape;
    struct unit_row *row = &codec->row;
    unsigned widest = 1, tallest = 1;
    lay_out_blocks(row, shape);
    for (unsigned n = 0; n < shape->components; n++) {
        if (shape->component[n].horizontal > widest)
            widest = shape->component[n].horizontal;
        if (shape->component[n].vertical > tallest)
            tallest = shape->component[n].vertical;
    }
    row->units = (shape->width + widest * DCTSIZE - 1) / (widest * DCTSIZE);
    row->lines = tallest * DCTSIZE;
    for (unsigned n = 0; n < shape->components; n++) {
        unsigned lines = shape->component[n].vertical * DCTSIZE;
        row->stride[n] = (size_t)row->units * shape->component[n].horizontal * DCTSIZE;
        row->plane[n] = calloc(lines, row->stride[n]);
        if (!row->plane[n])
            return false;
        for (unsigned y = 0; y < lines; y++)
            row->line[n][y] = row->plane[n] + y * row->stride[n];
    }
    return true;
}

/* Where the samples from `position` of the row on are: up to the end of a block's line. */
static uint8_t *sample_at(struct unit_row *row, const struct jpeg_shape *shape, size_t position)
{
    size_t unit = position / row->unit_bytes, in_unit = position % row->unit_bytes;
    size_t block = in_unit / DCTSIZE2, y = in_unit % DCTSIZE2 / DCTSIZE, x = in_unit % DCTSIZE;
    unsigned n = row->block[block].component;
    size_t column = unit * shape->component[n].horizontal + row->block[block].x;
    return row->line[n][row->block[block].y * DCTSIZE + y] + column * DCTSIZE + x;
}

static size_t row_bytes(const struct unit_row *row)
{
    return (size_t)row->units * row->unit_bytes;
}

static void image_of(struct unit_row *row, JSAMPARRAY image[JPEG_COMPONENTS])
{
    for (unsigned n = 0; n < JPEG_COMPONENTS; n++)
        image[n] = row->line[n];
}

/* --- Encoder --- */

static void output_begins(j_compress_ptr encoder)
{
    struct jpeg_codec *codec = encoder->client_data;
    codec->destination.next_output_byte = codec->step;
    codec->destination.free_in_buffer = sizeof codec->step;
}

static void queue_output(j_compress_ptr encoder)
{
    struct jpeg_codec *codec = encoder->client_data;
    append(codec, &codec->output, codec->step,
           sizeof codec->step - codec->destination.free_in_buffer);
    output_begins(encoder);
}

static boolean output_full(j_compress_ptr encoder)
{
    struct jpeg_codec *codec = encoder->client_data;
    codec->destination.free_in_buffer = 0; /* all of it is full, whatever it says */
    queue_output(encoder);
    return TRUE;
}

static void set_quantiser(struct jpeg_codec *codec, unsigned n)
{
    j_compress_ptr encoder = &codec->lib.encoder;
    if (!encoder->quant_tbl_ptrs[n])
        encoder->quant_tbl_ptrs[n] = jpeg_alloc_quant_table(&codec->lib.common);
    if (memchr(codec->tables.quantiser[n], 0, DCTSIZE2))
        give_up(codec, "a quantization table holds 0");
    for (unsigned k = 0; k < DCTSIZE2; k++)
        encoder->quant_tbl_ptrs[n]->quantval[natural_place[k]] = codec->tables.quantiser[n][k];
}

static void set_huffman(struct jpeg_codec *codec, JHUFF_TBL **table,
                        const struct jpeg_huffman *from)
{
    if (!*table)
        *table = jpeg_alloc_huff_table(&codec->lib.common);
    memcpy((*table)->bits + 1, from->bits, sizeof from->bits);
    memcpy((*table)->huffval, from->symbol, sizeof from->symbol);
}

static void set_components(struct jpeg_codec *codec)
{
    j_compress_ptr encoder = &codec->lib.encoder;
    for (unsigned n = 0; n < codec->shape.components; n++) {
        const struct jpeg_component *from = &codec->shape.component[n];
        jpeg_component_info *to = &encoder->comp_info[n];
        to->h_samp_factor = from->horizontal;
        to->v_samp_factor = from->vertical;
        to->quant_tbl_no = from->quantiser;
        to->dc_tbl_no = from->dc;
        to->ac_tbl_no = from->ac;
        set_quantiser(codec, from->quantiser);
    }
    for (unsigned n = 0; n < JPEG_HUFFMANS; n++) {
        set_huffman(codec, &encoder->dc_huff_tbl_ptrs[n], &codec->tables.dc[n]);
        set_huffman(codec, &encoder->ac_huff_tbl_ptrs[n], &codec->tables.ac[n]);
    }
}

static J_COLOR_SPACE colours(unsigned components)
{
    switch (components) {
    case 1:
        return JCS_GRAYSCALE;
    case 3:
        return JCS_YCbCr;
    case 4:
        return JCS_CMYK;
    default:
        return JCS_UNKNOWN;
    }
}

static void start_encoder(struct jpeg_codec *codec)
{
    j_compress_ptr encoder = &codec->lib.encoder;
    encoder->dest = &codec->destination;
    encoder->image_width = codec->shape.width;
    encoder->image_height = codec->shape.height;
    encoder->input_components = (int)codec->shape.components;
    encoder->in_color_space = colours(codec->shape.components);
    jpeg_set_defaults(encoder);
    jpeg_set_colorspace(encoder, encoder->in_color_space);
    encoder->write_JFIF_header = FALSE;
    encoder->write_Adobe_marker = FALSE;
    encoder->raw_data_in = TRUE;
    encoder->dct_method = JDCT_ISLOW; /* the same on every host */
    set_components(codec);
    jpeg_start_compress(encoder, FALSE);
}

/* The marker segments up to the scan's own, which ends them: T.81 B.1.1. */
static size_t header_length(const uint8_t *bytes, size_t count)
{
    size_t at = 2;
    while (at + 4 <= count) {
        bool scan = bytes[at + 1] == 0xda;
        at += 2 + ((size_t)bytes[at + 2] << 8 | bytes[at + 3]);
        if (scan)
            return at;
    }
    return 0;
}

static void encode_row(struct jpeg_codec *codec)
{
    JSAMPARRAY image[JPEG_COMPONENTS];
    j_compress_ptr encoder = &codec->lib.encoder;
    image_of(&codec->row, image);
    jpeg_write_raw_data(encoder, image, codec->row.lines);
    queue_output(encoder);
    if (!codec->started && !codec->header)
        drop(&codec->output,
             header_length(codec->output.bytes + codec->output.first, codec->output.length));
    codec->started = true;
    codec->row.filled = 0;
    if (encoder->next_scanline < encoder->image_height)
        return;
    jpeg_finish_compress(encoder);
    if (!codec->header)
        codec->output.length -= 2; /* the end-of-image marker */
    codec->finished = true;
}

static void encode(struct jpeg_codec *codec, const uint8_t *bytes, size_t count)
{
    for (size_t n = 0; n + 4 <= count && !codec->finished; n += 4) {
        memcpy(sample_at(&codec->row, &codec->shape, codec->row.filled), bytes + n, 4);
        codec->row.filled += 4;
        if (codec->row.filled == row_bytes(&codec->row))
            encode_row(codec);
    }
}

/* --- Decoder --- */

static void nothing(j_decompress_ptr decoder)
{
    (void)decoder;
}

static boolean input_over(j_decompress_ptr decoder)
{
    (void)decoder;
    return FALSE; /* suspend until more has come */
}

static void skip_input(j_decompress_ptr decoder, long count)
{
    struct jpeg_codec *codec = decoder->client_data;
    if (count <= 0)
        return;
    if ((size_t)count > codec->source.bytes_in_buffer)
        give_up(codec, "a marker segment is longer than the codec can skip");
    codec->source.next_input_byte += count;
    codec->source.bytes_in_buffer -= (size_t)count;
}

static void note_component(struct jpeg_codec *codec, unsigned n)
{
    const jpeg_component_info *from = &codec->lib.decoder.comp_info[n];
    if (from->quant_tbl_no < 0 || from->quant_tbl_no >= JPEG_QUANTISERS)
        give_up(codec, "a component names a quantization table that cannot be");
    const JQUANT_TBL *table = codec->lib.decoder.quant_tbl_ptrs[from->quant_tbl_no];
    codec->shape.component[n] = (struct jpeg_component){
        (uint8_t)from->h_samp_factor, (uint8_t)from->v_samp_factor, (uint8_t)from->quant_tbl_no,
        (uint8_t)from->dc_tbl_no, (uint8_t)from->ac_tbl_no};
    for (unsigned k = 0; table && k < DCTSIZE2; k++) {
        unsigned value = table->quantval[natural_place[k]];
        codec->tables.quantiser[from->quant_tbl_no][k] = (uint8_t)(value > 255 ? 255 : value);
    }
}

static void note_header(struct jpeg_codec *codec)
{
    j_decompress_ptr decoder = &codec->lib.decoder;
    if (decoder->progressive_mode || decoder->arith_code)
        give_up(codec, "the stream is not baseline");
    if (decoder->num_components > JPEG_COMPONENTS ||
        decoder->comps_in_scan != decoder->num_components)
        give_up(codec, "the stream has its components in several scans");
    codec->shape.width = decoder->image_width;
    codec->shape.height = decoder->image_height;
    codec->shape.components = (unsigned)decoder->num_components;
    for (unsigned n = 0; n < codec->shape.components; n++)
        note_component(codec, n);
    if (!shape_is_valid(&codec->shape))
        give_up(codec, "the stream's sampling factors are not possible");
    if (!lay_out_row(codec))
        give_up(codec, "out of memory");
    codec->header_known = true;
}

static void queue_row(struct jpeg_codec *codec)
{
    struct unit_row *row = &codec->row;
    for (size_t at = 0; at < row_bytes(row); at += DCTSIZE)
        append(codec, &codec->output, sample_at(row, &codec->shape, at), DCTSIZE);
}

/* As far as the input reaches. */
static void decode_rows(struct jpeg_codec *codec)
{
    JSAMPARRAY image[JPEG_COMPONENTS];
    j_decompress_ptr decoder = &codec->lib.decoder;
    image_of(&codec->row, image);
    if (!codec->started) {
        decoder->raw_data_out = TRUE;
        decoder->out_color_space = decoder->jpeg_color_space;
        decoder->dct_method = JDCT_ISLOW;
        codec->started = jpeg_start_decompress(decoder);
    }
    while (codec->started && decoder->output_scanline < decoder->output_height &&
           jpeg_read_raw_data(decoder, image, codec->row.lines))
        queue_row(codec);
    codec->finished = codec->started && decoder->output_scanline >= decoder->output_height;
}

static void decode(struct jpeg_codec *codec, const uint8_t *bytes, size_t count)
{
    struct queue *input = &codec->input;
    append(codec, input, bytes, count);
    codec->source.next_input_byte = input->bytes + input->first;
    codec->source.bytes_in_buffer = input->length;
    if (!codec->header_known && jpeg_read_header(&codec->lib.decoder, TRUE) == JPEG_HEADER_OK)
        note_header(codec);
    if (codec->header_known)
        decode_rows(codec);
    drop(input, input->length - codec->source.bytes_in_buffer);
}

/* --- Both --- */

static struct jpeg_codec *create(void)
{
    struct jpeg_codec *codec = calloc(1, sizeof *codec);
    if (!codec)
        return NULL;
    jpeg_std_error(&codec->errors);
    codec->errors.error_exit = error_exit;
    codec->errors.output_message = no_message;
    codec->lib.common.err = &codec->errors;
    codec->lib.common.client_data = codec; /* kept by jpeg_create_… */
    codec->destination = (struct jpeg_destination_mgr){
        .init_destination = output_begins,
        .empty_output_buffer = output_full,
        .term_destination = queue_output,
    };
    codec->source = (struct jpeg_source_mgr){
        .init_source = nothing,
        .fill_input_buffer = input_over,
        .skip_input_data = skip_input,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = nothing,
    };
    return codec;
}

struct jpeg_codec *jpeg_encoder(const struct jpeg_shape *shape, const struct jpeg_tables *tables,
                                bool header)
{
    struct jpeg_codec *codec = create();
    if (!codec)
        return NULL;
    codec->header = header;
    codec->shape = *shape;
    codec->tables = *tables;
    if (!shape_is_valid(shape)) {
        refuse(codec, "the picture's size or sampling factors are not possible");
        return codec;
    }
    if (!lay_out_row(codec)) {
        jpeg_codec_free(codec);
        return NULL;
    }
    if (!setjmp(codec->failure)) {
        jpeg_create_compress(&codec->lib.encoder);
        start_encoder(codec);
    }
    return codec;
}

struct jpeg_codec *jpeg_decoder(void)
{
    struct jpeg_codec *codec = create();
    if (!codec)
        return NULL;
    codec->decodes = true;
    if (!setjmp(codec->failure)) {
        jpeg_create_decompress(&codec->lib.decoder);
        codec->lib.decoder.src = &codec->source;
    }
    return codec;
}

void jpeg_codec_free(struct jpeg_codec *codec)
{
    if (!codec)
        return;
    jpeg_destroy(&codec->lib.common);
    for (unsigned n = 0; n < JPEG_COMPONENTS; n++)
        free(codec->row.plane[n]);
    free(codec->input.bytes);
    free(codec->output.bytes);
    free(codec);
}

void jpeg_codec_feed(struct jpeg_codec *codec, const uint8_t *bytes, size_t count)
{
    if (codec->failed || codec->finished || setjmp(codec->failure))
        return;
    if (codec->decodes)
        decode(codec, bytes, count);
    else
        encode(codec, bytes, count);
}

size_t jpeg_codec_pending(const struct jpeg_codec *codec)
{
    return codec->output.length;
}

size_t jpeg_codec_take(struct jpeg_codec *codec, uint8_t *bytes, size_t count)
{
    if (count > codec->output.length)
        count = codec->output.length;
    if (count)
        memcpy(bytes, codec->output.bytes + codec->output.first, count);
    drop(&codec->output, count);
    return count;
}

bool jpeg_codec_finished(const struct jpeg_codec *codec)
{
    return codec->finished;
}

const char *jpeg_codec_error(const struct jpeg_codec *codec)
{
    return codec->failed ? codec->error : NULL;
}

bool jpeg_decoder_header(const struct jpeg_codec *codec, struct jpeg_shape *shape,
                         struct jpeg_tables *tables)
{
    if (!codec->header_known)
        return false;
    *shape = codec->shape;
    *tables = codec->tables;
    return true;
}
