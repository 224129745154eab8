/*
 * JPEG codec (RM0399 chapter 35): baseline encoder and decoder between two FIFOs of 16 words. The
 * arithmetic is jpeg_codec.c's; here are the registers, the tables' memories, the FIFOs and the time:
 * a sample takes a cycle, and the FIFOs are served half by half.
 *
 * Estimates, where the manual is silent: the order of the header's segments; without CONFR1.HDR the
 * encoder leaves out the end marker too; the last word is filled up with 0. A picture's output
 * appears when a row of its units is complete. Not modelled: decoding without header processing.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/jpeg_codec.h"

#include <string.h>

enum { FIFO_WORDS = 16, THRESHOLD_WORDS = 8, WORD_CYCLES = 4 };

enum {
    CONFR0 = 0x00,
    CONFR1 = 0x04,
    CONFR2 = 0x08,
    CONFR3 = 0x0c,
    CONFRN1 = 0x10,
    CR = 0x30,
    SR = 0x34,
    CFR = 0x38,
    DIR = 0x40,
    DOR = 0x44,
    QMEM = 0x50,
    HUFFMIN = 0x150,
    HUFFBASE = 0x190,
    HUFFSYMB = 0x210,
    DHTMEM = 0x360,
    HUFFENC_AC = 0x500,
    HUFFENC_DC = 0x7c0,
    HUFFENC_AC_BYTES = 0x160,
    HUFFENC_DC_BYTES = 0x20,
};

enum {
    CONFR0_START = 1 << 0,
    CONFR1_DE = 1 << 3,
    CONFR1_HDR = 1 << 8,
    CONFR1_WRITABLE = 0x1fb,
    CONFR2_NMCU = 0x03ffffff,
    CONFRN_WRITABLE = 0xffff,
    CR_JCEN = 1 << 0,
    CR_ENABLES = 0x7e, /* IFTIE to HPDIE, at the places of their flags */
    CR_IFF = 1 << 13,
    CR_OFF = 1 << 14,
    CR_WRITABLE = CR_JCEN | CR_ENABLES,
    SR_IFTF = 1 << 1,
    SR_IFNFF = 1 << 2,
    SR_OFTF = 1 << 3,
    SR_OFNEF = 1 << 4,
    SR_EOCF = 1 << 5,
    SR_HPDF = 1 << 6,
    SR_COF = 1 << 7,
};

/* Triggers of the MDMA, in the order of the row. */
enum { TRIGGER_IFT, TRIGGER_IFNF, TRIGGER_OFT, TRIGGER_OFNE, TRIGGER_EOC };

static const struct reg jpeg_regs[] = {
    {CONFR0, "CONFR0", 0, 0, 0, 0},
    {CONFR1, "CONFR1", 0, 0xffff0000u | CONFR1_WRITABLE, 0, 0},
    {CONFR2, "CONFR2", 0, CONFR2_NMCU, 0, 0},
    {CONFR3, "CONFR3", 0, 0xffff0000u, 0, 0},
    {CONFRN1, "CONFRN1", 0, CONFRN_WRITABLE, 0, 0},
    {CONFRN1 + 4, "CONFRN2", 0, CONFRN_WRITABLE, 0, 0},
    {CONFRN1 + 8, "CONFRN3", 0, CONFRN_WRITABLE, 0, 0},
    {CONFRN1 + 12, "CONFRN4", 0, CONFRN_WRITABLE, 0, 0},
    {CR, "CR", 0, CR_WRITABLE, 0, 0},
    {SR, "SR", SR_IFTF | SR_IFNFF, 0, 0, 0},
    {CFR, "CFR", 0, 0, 0, 0},
    {DIR, "DIR", 0, 0, 0, 0},
    {DOR, "DOR", 0, 0, 0, 0},
    {QMEM, "QMEM%u", 0, 0xffffffff, 64, 4},
    {HUFFMIN, "HUFFMIN%u", 0, 0xffffffff, 16, 4},
    {HUFFBASE, "HUFFBASE%u", 0, 0xffffffff, 32, 4},
    {HUFFSYMB, "HUFFSYMB%u", 0, 0xffffffff, 84, 4},
    {DHTMEM, "DHTMEM%u", 0, 0xffffffff, 103, 4},
    {HUFFENC_AC, "HUFFENC_AC0_%u", 0, 0x0fff0fff, 88, 4},
    {HUFFENC_AC + HUFFENC_AC_BYTES, "HUFFENC_AC1_%u", 0, 0x0fff0fff, 88, 4},
    {HUFFENC_DC, "HUFFENC_DC0_%u", 0, 0x0fff0fff, 8, 4},
    {HUFFENC_DC + HUFFENC_DC_BYTES, "HUFFENC_DC1_%u", 0, 0x0fff0fff, 8, 4},
};

struct fifo {
    uint32_t word[FIFO_WORDS];
    unsigned first, count;
};

struct jpeg {
    struct block block;
    struct event work; /* what the codec takes or gives next is done */
    struct fifo in, out;
    struct jpeg_codec *codec; /* NULL: stopped */
    unsigned words;           /* that `work` stands for */
    bool header_told;         /* SR.HPDF was set for this picture */
};

/* --- FIFOs and what follows from them --- */

static void put(struct fifo *fifo, uint32_t word)
{
    fifo->word[(fifo->first + fifo->count++) % FIFO_WORDS] = word;
}

static uint32_t take(struct fifo *fifo)
{
    uint32_t word = fifo->word[fifo->first];
    fifo->first = (fifo->first + 1) % FIFO_WORDS;
    fifo->count--;
    return word;
}

static uint32_t fifo_flags(const struct jpeg *j)
{
    uint32_t flags = 0;
    if (FIFO_WORDS - j->in.count >= THRESHOLD_WORDS)
        flags |= SR_IFTF;
    if (j->in.count < FIFO_WORDS)
        flags |= SR_IFNFF;
    if (j->out.count >= THRESHOLD_WORDS)
        flags |= SR_OFTF;
    if (j->out.count)
        flags |= SR_OFNEF;
    return flags;
}

static void update_outputs(struct jpeg *j)
{
    struct block *block = &j->block;
    const uint32_t fifos = SR_IFTF | SR_IFNFF | SR_OFTF | SR_OFNEF;
    uint32_t sr = REG(block, SR) = (REG(block, SR) & ~fifos) | fifo_flags(j);
    uint32_t cr = REG(block, CR);
    block_irq(block, 0, sr & cr & CR_ENABLES);
    block_mdma(block, TRIGGER_IFT, sr & SR_IFTF);
    block_mdma(block, TRIGGER_IFNF, sr & SR_IFNFF);
    block_mdma(block, TRIGGER_OFT, sr & SR_OFTF);
    block_mdma(block, TRIGGER_OFNE, sr & SR_OFNEF);
    block_mdma(block, TRIGGER_EOC, sr & SR_EOCF);
}

/* --- What the registers say of picture and tables --- */

static struct jpeg_shape shape_of(const struct block *block)
{
    struct jpeg_shape shape = {.width = REG(block, CONFR3) >> 16,
                               .height = REG(block, CONFR1) >> 16,
                               .components = (REG(block, CONFR1) & 3) + 1};
    for (unsigned n = 0; n < JPEG_COMPONENTS; n++) {
        uint32_t confr = REG(block, CONFRN1 + 4 * n);
        shape.component[n] = (struct jpeg_component){.horizontal = confr >> 12 & 15,
                                                     .vertical = confr >> 8 & 15,
                                                     .quantiser = confr >> 2 & 3,
                                                     .ac = confr >> 1 & 1,
                                                     .dc = confr & 1};
    }
    return shape;
}

struct unit {
    unsigned width, height; /* pixels */
};

static struct unit unit_of(const struct jpeg_shape *shape)
{
    unsigned h = 1, v = 1;
    for (unsigned n = 0; n < shape->components; n++) {
        h = shape->component[n].horizontal > h ? shape->component[n].horizontal : h;
        v = shape->component[n].vertical > v ? shape->component[n].vertical : v;
    }
    return (struct unit){8 * h, 8 * v};
}

/* What a header says goes into CONFR2 without the units that the picture does not fill (35.5.3). */
static uint32_t complete_units(const struct jpeg_shape *shape)
{
    const struct unit unit = unit_of(shape);
    return shape->width / unit.width * (shape->height / unit.height);
}

static uint32_t all_units(const struct jpeg_shape *shape)
{
    const struct unit unit = unit_of(shape);
    return (shape->width + unit.width - 1) / unit.width *
           ((shape->height + unit.height - 1) / unit.height);
}

static void set_shape(struct block *block, const struct jpeg_shape *shape)
{
    REG(block, CONFR1) = (REG(block, CONFR1) & 0xff3c) | shape->height << 16 |
                         (shape->components - 1) << 6 | (shape->components - 1);
    REG(block, CONFR2) = (complete_units(shape) - 1) & CONFR2_NMCU;
    REG(block, CONFR3) = shape->width << 16;
    for (unsigned n = 0; n < shape->components; n++) {
        const struct jpeg_component *c = &shape->component[n];
        uint32_t blocks = (uint32_t)c->horizontal * c->vertical - 1;
        REG(block, CONFRN1 + 4 * n) = (uint32_t)c->horizontal << 12 | (uint32_t)c->vertical << 8 |
                                      (blocks & 15) << 4 | (c->quantiser & 3u) << 2 |
                                      (c->ac & 1u) << 1 | (c->dc & 1u);
    }
}

/* A code of the encoder's memory: its length less 1 in bits 11 to 8, its lowest 8 bits below. */
static uint32_t encoder_code(const struct block *block, uint32_t memory, unsigned n)
{
    return REG(block, memory + n / 2 * 4) >> 16 * (n & 1) & 0xfff;
}

/* "JPEG Huffman encoder ACx": 10 sizes a run, then end of block and a run of sixteen zeros. */
static uint8_t ac_symbol(unsigned n)
{
    if (n >= 160)
        return n == 160 ? 0x00 : 0xf0;
    return (uint8_t)(n / 10 << 4 | (n % 10 + 1));
}

static uint8_t dc_symbol(unsigned n)
{
    return (uint8_t)n;
}

/* The codes of one length follow each other, so that length and lowest bits put them in order. A
 * symbol without a code stands at 0xFFF. */
static void read_huffman(const struct block *block, uint32_t memory, unsigned symbols,
                         uint8_t (*symbol_of)(unsigned n), struct jpeg_huffman *table)
{
    enum { NO_CODE = 0xfff };
    uint8_t holder[NO_CODE] = {0}; /* of each code, 1 for the first symbol; 0: nobody */
    unsigned count = 0;
    for (unsigned n = 0; n < symbols; n++)
        if (encoder_code(block, memory, n) != NO_CODE)
            holder[encoder_code(block, memory, n)] = (uint8_t)(n + 1);
    for (unsigned code = 0; code < NO_CODE; code++)
        if (holder[code]) {
            table->bits[code >> 8]++;
            table->symbol[count++] = symbol_of(holder[code] - 1u);
        }
}

static void read_tables(const struct block *block, struct jpeg_tables *tables)
{
    for (unsigned n = 0; n < JPEG_QUANTISERS * 64; n++)
        tables->quantiser[n / 64][n % 64] = (uint8_t)(REG(block, QMEM + n / 4 * 4) >> 8 * (n % 4));
    for (unsigned n = 0; n < JPEG_HUFFMANS; n++) {
        read_huffman(block, HUFFENC_AC + n * HUFFENC_AC_BYTES, 162, ac_symbol, &tables->ac[n]);
        read_huffman(block, HUFFENC_DC + n * HUFFENC_DC_BYTES, 12, dc_symbol, &tables->dc[n]);
    }
}

static void set_quantisers(struct block *block, const struct jpeg_tables *tables)
{
    for (unsigned n = 0; n < JPEG_QUANTISERS * 16; n++) {
        const uint8_t *from = &tables->quantiser[n / 16][n % 16 * 4];
        REG(block, QMEM + 4 * n) =
            from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
    }
}

/* --- A conversion --- */

static void stop(struct jpeg *j)
{
    event_cancel(&block_sim(&j->block)->events, &j->work);
    jpeg_codec_free(j->codec);
    j->codec = NULL;
    REG(&j->block, SR) &= ~(uint32_t)SR_COF;
}

static void notice_error(struct jpeg *j)
{
    const char *error = j->codec ? jpeg_codec_error(j->codec) : NULL;
    if (!error)
        return;
    block_complain(&j->block, COMPLAINT_GUEST, CONFR0, "the conversion stops: %s", error);
    stop(j);
}

/* How many words the codec can give, or take, next; 0: it waits for the other side of a FIFO. */
static unsigned giving(const struct jpeg *j)
{
    size_t words = jpeg_codec_pending(j->codec);
    words = jpeg_codec_finished(j->codec) ? (words + 3) / 4 : words / 4;
    unsigned room = FIFO_WORDS - j->out.count;
    unsigned most = room < THRESHOLD_WORDS ? room : THRESHOLD_WORDS;
    return words < most ? (unsigned)words : most;
}

static unsigned taking(const struct jpeg *j)
{
    if (jpeg_codec_pending(j->codec) >= 4 || jpeg_codec_finished(j->codec))
        return 0;
    return j->in.count < THRESHOLD_WORDS ? j->in.count : THRESHOLD_WORDS;
}

static void schedule(struct jpeg *j)
{
    if (!j->codec || event_pending(&j->work) || !(REG(&j->block, CR) & CR_JCEN))
        return;
    unsigned words = giving(j);
    if (!words)
        words = taking(j);
    sim_time time = sim_cycles_to_time(words * WORD_CYCLES, block_bus_hz(&j->block));
    if (!words || time == SIM_NEVER)
        return;
    j->words = words;
    event_in(&block_sim(&j->block)->events, &j->work, time);
}

static void give(struct jpeg *j, unsigned words)
{
    while (words--) {
        uint8_t bytes[4] = {0};
        jpeg_codec_take(j->codec, bytes, sizeof bytes);
        put(&j->out, bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                         (uint32_t)bytes[3] << 24);
    }
}

static void notice_header(struct jpeg *j)
{
    struct jpeg_shape shape;
    struct jpeg_tables tables;
    if (j->header_told || !jpeg_decoder_header(j->codec, &shape, &tables))
        return;
    j->header_told = true;
    set_shape(&j->block, &shape);
    set_quantisers(&j->block, &tables);
    REG(&j->block, SR) |= SR_HPDF;
}

static void feed(struct jpeg *j, unsigned words)
{
    uint8_t bytes[4 * THRESHOLD_WORDS];
    for (unsigned n = 0; n < words; n++) {
        uint32_t word = take(&j->in);
        for (unsigned k = 0; k < 4; k++)
            bytes[4 * n + k] = (uint8_t)(word >> 8 * k);
    }
    jpeg_codec_feed(j->codec, bytes, 4 * words);
    notice_header(j);
}

/* SR.EOCF: all output is in its FIFO. */
static void notice_end(struct jpeg *j)
{
    if (!jpeg_codec_finished(j->codec) || jpeg_codec_pending(j->codec))
        return;
    stop(j);
    REG(&j->block, SR) |= SR_EOCF;
}

static void work_done(void *ctx)
{
    struct jpeg *j = ctx;
    unsigned given = giving(j), taken = taking(j);
    if (given)
        give(j, given < j->words ? given : j->words);
    else
        feed(j, taken < j->words ? taken : j->words);
    notice_error(j);
    if (j->codec)
        notice_end(j);
    schedule(j);
    update_outputs(j);
}

/* The tables that a header would tell, out of DHTMEM: per pair of tables a DC's and an AC's. */
static bool header_fits(const struct block *block, const struct jpeg_huffman *table,
                        unsigned symbols, uint32_t at)
{
    for (unsigned n = 0; n < 16 + symbols; n++) {
        uint8_t stored = (uint8_t)(REG(block, (DHTMEM + at + n) & ~3u) >> 8 * ((at + n) % 4));
        if (stored != (n < 16 ? table->bits[n] : table->symbol[n - 16]))
            return false;
    }
    return true;
}

static void check_header_tables(const struct jpeg *j, const struct jpeg_shape *shape,
                                const struct jpeg_tables *tables)
{
    enum { DC_BYTES = 16 + 12, AC_BYTES = 16 + 162, PAIR_BYTES = DC_BYTES + AC_BYTES };
    for (unsigned n = 0; n < shape->components; n++) {
        unsigned dc = shape->component[n].dc, ac = shape->component[n].ac;
        if (!header_fits(&j->block, &tables->dc[dc], 12, dc * PAIR_BYTES) ||
            !header_fits(&j->block, &tables->ac[ac], 162, ac * PAIR_BYTES + DC_BYTES))
            block_complain(&j->block, COMPLAINT_GUEST, DHTMEM,
                           "DHTMEM tells other Huffman tables than HUFFENC uses: the stream's "
                           "header will not fit its data");
    }
}

/* The chip ends with the units that CONFR2 has, this model with those of the picture. */
static void check_units(const struct jpeg *j, const struct jpeg_shape *shape)
{
    uint32_t told = REG(&j->block, CONFR2) + 1;
    if (told != all_units(shape))
        block_complain(
            &j->block, COMPLAINT_GUEST, CONFR2,
            "CONFR2.NMCU is for %u units to encode; the picture of CONFR1 and CONFR3 has %u",
            (unsigned)told, (unsigned)all_units(shape));
}

static struct jpeg_codec *new_encoder(struct jpeg *j)
{
    bool header = REG(&j->block, CONFR1) & CONFR1_HDR;
    struct jpeg_shape shape = shape_of(&j->block);
    struct jpeg_tables tables = {0};
    check_units(j, &shape);
    read_tables(&j->block, &tables);
    if (header)
        check_header_tables(j, &shape, &tables);
    return jpeg_encoder(&shape, &tables, header);
}

static void start(struct jpeg *j)
{
    struct block *block = &j->block;
    uint32_t confr1 = REG(block, CONFR1);
    if (confr1 & CONFR1_DE && !(confr1 & CONFR1_HDR)) {
        block_complain(block, COMPLAINT_UNMODELLED, CONFR1,
                       "decoding without header processing (CONFR1.HDR = 0) is not modelled");
        return;
    }
    stop(j);
    j->header_told = false;
    j->codec = confr1 & CONFR1_DE ? jpeg_decoder() : new_encoder(j);
    REG(block, SR) |= SR_COF;
    notice_error(j);
}

/* --- Registers --- */

/* Without JCEN the core is reset (35.5.6). */
static void write_cr(struct jpeg *j, uint32_t value, const struct block_access *access)
{
    block_store(&j->block, CR, value, access);
    if (!(REG(&j->block, CR) & CR_JCEN))
        stop(j);
    if (value & access->lanes & CR_IFF)
        j->in.count = 0;
    if (value & access->lanes & CR_OFF)
        j->out.count = 0;
}

/* EOCF goes only when the output has been taken (35.3.4). */
static void clear_flags(struct jpeg *j, uint32_t value)
{
    uint32_t flags = SR_HPDF | (j->out.count ? 0u : (uint32_t)SR_EOCF);
    REG(&j->block, SR) &= ~(value & flags);
}

static void write_data(struct jpeg *j, uint32_t value)
{
    if (j->in.count < FIFO_WORDS)
        put(&j->in, value);
    else
        block_complain(&j->block, COMPLAINT_GUEST, DIR,
                       "DIR is written while the input FIFO is full: the word is lost");
}

static void jpeg_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct jpeg *j = (struct jpeg *)block;
    switch (offset) {
    case CONFR0:
        if (value & CONFR0_START)
            start(j);
        else
            stop(j);
        break;
    case CR:
        write_cr(j, value, access);
        break;
    case CFR:
        clear_flags(j, value);
        break;
    case DIR:
        write_data(j, value);
        break;
    default:
        block_store(block, offset, value, access);
        return;
    }
    schedule(j);
    update_outputs(j);
}

static uint32_t jpeg_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct jpeg *j = (struct jpeg *)block;
    if (offset != DOR)
        return REG(block, offset);
    if (access->master == MASTER_DEBUG || !j->out.count)
        return j->out.count ? j->out.word[j->out.first] : 0;
    uint32_t word = take(&j->out);
    schedule(j);
    update_outputs(j);
    return word;
}

static void jpeg_init(struct block *block)
{
    struct jpeg *j = (struct jpeg *)block;
    event_init(&j->work, "JPEG", work_done, j);
}

static void jpeg_destroy_block(struct block *block)
{
    jpeg_codec_free(((struct jpeg *)block)->codec);
}

static void jpeg_reset(struct block *block)
{
    struct jpeg *j = (struct jpeg *)block;
    stop(j);
    j->in.count = j->out.count = 0;
    update_outputs(j);
}

static void jpeg_clock_changed(struct block *block)
{
    schedule((struct jpeg *)block);
}

const struct block_class jpeg_class = {
    .name = "JPEG",
    .regs = jpeg_regs,
    .reg_count = sizeof jpeg_regs / sizeof jpeg_regs[0],
    .size = sizeof(struct jpeg),
    .init = jpeg_init,
    .destroy = jpeg_destroy_block,
    .reset = jpeg_reset,
    .read = jpeg_read,
    .write = jpeg_write,
    .clock_changed = jpeg_clock_changed,
};
