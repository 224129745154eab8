#include "drivers/jpeg.h"

#include "chip/stm32h747.h"
#include "drivers/jpeg_tables.h"
#include "drivers/mdma.h"

/* The memories of the tables, behind the registers. */
enum { QMEM = 0x050, DHTMEM = 0x360, HUFFENC_AC = 0x500, HUFFENC_DC = 0x7c0 };
enum { HUFFENC_AC_BYTES = 0x160, HUFFENC_DC_BYTES = 0x20 };
enum { THRESHOLD_BYTES = 32, FIFO_WORDS = 16, BLOCK_BYTES = 4096, DRAIN_POLLS = 10000 };
enum { STREAM_BLOCK = 256, ROW_MAX = 65536, ROWS_MAX = 4096 };
enum { UNIT_WIDTH = 16, UNIT_HEIGHT = 8, PIXELS_MAX = 1 << 21, STREAM_MAX = 1 << 20 };

/* What is made, in blocks of the output's transfer. */
static struct {
    bool busy, decodes;
    uint8_t *output;
    uint32_t block, room; /* bytes; room is whole blocks */
} codec;

/* --- Tables --- */

/* A word of a table's memory from four bytes on; the memories take whole words alone. */
static void write_bytes(uint32_t memory, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t n = 0; n < count; n += 4)
        reg_write(JPEG_BASE + memory + n, bytes[n] | (uint32_t)bytes[n + 1] << 8 |
                                              (uint32_t)bytes[n + 2] << 16 |
                                              (uint32_t)bytes[n + 3] << 24);
}

/* As libjpeg scales them. */
static void write_quantiser(uint32_t table, unsigned quality)
{
    uint8_t scaled[JPEG_COEFFICIENTS];
    uint32_t scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    for (uint32_t n = 0; n < JPEG_COEFFICIENTS; n++) {
        uint32_t value = (jpeg_quantisers[table][n] * scale + 50) / 100;
        scaled[n] = (uint8_t)(value < 1 ? 1 : value > 255 ? 255 : value);
    }
    write_bytes(QMEM + table * JPEG_COEFFICIENTS, scaled, sizeof scaled);
}

/* Where the encoder has the code of an AC symbol: 10 sizes a run, then end of block and ZRL. */
static uint32_t ac_place(uint8_t symbol)
{
    if (symbol == 0x00)
        return 160;
    return symbol == 0xf0 ? 161 : (symbol >> 4) * 10u + (symbol & 15u) - 1;
}

static uint32_t dc_place(uint8_t symbol)
{
    return symbol;
}

/* Two codes a word: length less 1, and the lowest 8 bits (those above are ones). */
static void write_codes(uint32_t memory, const uint8_t bits[16], const uint8_t *symbols,
                        uint32_t (*place)(uint8_t symbol))
{
    uint32_t code = 0;
    for (uint32_t length = 1; length <= 16; length++, code <<= 1)
        for (uint32_t k = 0; k < bits[length - 1]; k++, code++) {
            uint32_t at = place(*symbols++), shift = 16 * (at & 1);
            reg_modify(JPEG_BASE + memory + at / 2 * 4, 0xffffu << shift,
                       ((length - 1) << 8 | (code & 0xff)) << shift);
        }
}

static void write_huffman(void)
{
    /* What the headers tell: bits and symbols of DC and AC, twice, without a gap. */
    struct {
        struct jpeg_dc_table dc;
        struct jpeg_ac_table ac;
    } header[2] = {{jpeg_dc[0], jpeg_ac[0]}, {jpeg_dc[1], jpeg_ac[1]}};
    _Static_assert(sizeof header == 412, "103 words");
    write_bytes(DHTMEM, (const uint8_t *)header, sizeof header);
    for (uint32_t n = 0; n < 2; n++) {
        write_codes(HUFFENC_DC + n * HUFFENC_DC_BYTES, jpeg_dc[n].bits, jpeg_dc[n].symbols,
                    dc_place);
        write_codes(HUFFENC_AC + n * HUFFENC_AC_BYTES, jpeg_ac[n].bits, jpeg_ac[n].symbols,
                    ac_place);
    }
}

void jpeg_start(unsigned quality)
{
    reg_set(RCC_AHB3ENR, RCC_AHB3ENR_JPGDECEN);
    mdma_enable();
    reg_write(JPEG_CR, JPEG_CR_JCEN);
    write_quantiser(0, quality);
    write_quantiser(1, quality);
    write_huffman();
}

/* --- A picture --- */

/* Each request of the FIFO's threshold moves half a FIFO. */
static const uint32_t a_half =
    MDMA_C0TCR_TLEN(THRESHOLD_BYTES - 1) | MDMA_C0TCR_TRGM(0) | MDMA_C0TCR_PKE;

static void begin_input(const void *from, uint32_t block, uint32_t blocks)
{
    const struct mdma_node in = {
        .ctcr = a_half | MDMA_C0TCR_SINC(2) | MDMA_C0TCR_SSIZE(3) | MDMA_C0TCR_SINCOS(3) |
                MDMA_C0TCR_SBURST(2) | MDMA_C0TCR_DSIZE(2) | MDMA_C0TCR_DINCOS(2),
        .cbndtr = MDMA_C0BNDTR_BNDT(block) | MDMA_C0BNDTR_BRC(blocks - 1),
        .csar = (uint32_t)from,
        .cdar = JPEG_DIR,
        .ctbr = MDMA_C0TBR_TSEL(MDMA_TRIGGER_JPEG_IFT),
    };
    mdma_begin(MDMA_JPEG_IN, &in, MDMA_C0CR_PL(1));
}

/* A stream that is as long as its room has none; a picture is to be just as long. */
static void begin_output(void)
{
    const struct mdma_node out = {
        .ctcr = a_half | MDMA_C0TCR_SSIZE(2) | MDMA_C0TCR_SINCOS(2) | MDMA_C0TCR_DINC(2) |
                MDMA_C0TCR_DSIZE(3) | MDMA_C0TCR_DINCOS(3) | MDMA_C0TCR_DBURST(2),
        .cbndtr = MDMA_C0BNDTR_BNDT(codec.block) | MDMA_C0BNDTR_BRC(codec.room / codec.block - 1),
        .csar = JPEG_DOR,
        .cdar = (uint32_t)codec.output,
        .ctbr = MDMA_C0TBR_TSEL(MDMA_TRIGGER_JPEG_OFT),
    };
    mdma_begin(MDMA_JPEG_OUT, &out,
               MDMA_C0CR_PL(2) | MDMA_C0CR_TEIE | (codec.decodes ? 0 : MDMA_C0CR_CTCIE));
}

/* Component 0 has two blocks a unit and the first tables, 1 and 2 one each and the second. */
static void describe(uint32_t width, uint32_t height)
{
    const uint32_t chroma = JPEG_CONFRN1_HSF(1) | JPEG_CONFRN1_VSF(1) | JPEG_CONFRN1_QT(1) |
                            JPEG_CONFRN1_HA | JPEG_CONFRN1_HD;
    reg_write(JPEG_CONFR1, JPEG_CONFR1_YSIZE(height) | JPEG_CONFR1_HDR | JPEG_CONFR1_NF(2) |
                               JPEG_CONFR1_NS(2) | JPEG_CONFR1_COLORSPACE(1));
    reg_write(JPEG_CONFR2, width / UNIT_WIDTH * (height / UNIT_HEIGHT) - 1);
    reg_write(JPEG_CONFR3, JPEG_CONFR3_XSIZE(width));
    reg_write(JPEG_CONFRN1, JPEG_CONFRN1_HSF(2) | JPEG_CONFRN1_VSF(1) | JPEG_CONFRN1_NB(1));
    reg_write(JPEG_CONFRN2, chroma);
    reg_write(JPEG_CONFRN3, chroma);
}

static bool fits(uint32_t width, uint32_t height, uint32_t room)
{
    return width && width % UNIT_WIDTH == 0 && height && height % UNIT_HEIGHT == 0 &&
           width < 4096 && height < 4096 && width * height <= PIXELS_MAX && room >= BLOCK_BYTES;
}

static void start(const void *from, uint32_t block, uint32_t blocks)
{
    codec.busy = true;
    reg_write(JPEG_CR, JPEG_CR_JCEN | JPEG_CR_IFF | JPEG_CR_OFF);
    reg_write(JPEG_CFR, JPEG_CFR_CEOCF | JPEG_CFR_CHPDF);
    reg_write(JPEG_CONFR0, JPEG_CONFR0_START);
    begin_output();
    begin_input(from, block, blocks);
    reg_write(JPEG_CR, JPEG_CR_JCEN | JPEG_CR_EOCIE);
}

bool jpeg_encode(const void *units, uint32_t width, uint32_t height, void *stream, uint32_t room)
{
    if (codec.busy || !fits(width, height, room))
        return false;
    codec.decodes = false;
    codec.output = stream;
    codec.block = BLOCK_BYTES;
    codec.room = (room < STREAM_MAX ? room : STREAM_MAX) / BLOCK_BYTES * BLOCK_BYTES;
    describe(width, height);
    start(units, 2 * UNIT_HEIGHT * width, height / UNIT_HEIGHT);
    return true;
}

bool jpeg_decode(const void *stream, uint32_t bytes, void *units, uint32_t row_bytes, uint32_t rows)
{
    bool can = bytes && bytes <= STREAM_MAX && row_bytes && row_bytes % 64 == 0 &&
               row_bytes <= ROW_MAX && rows && rows <= ROWS_MAX;
    if (codec.busy || !can)
        return false;
    codec.decodes = true;
    codec.output = units;
    codec.block = row_bytes;
    codec.room = rows * row_bytes;
    reg_write(JPEG_CONFR1, JPEG_CONFR1_DE | JPEG_CONFR1_HDR);
    start(stream, STREAM_BLOCK, (bytes + STREAM_BLOCK - 1) / STREAM_BLOCK);
    return true;
}

void jpeg_stop(void)
{
    reg_write(JPEG_CR, JPEG_CR_JCEN);
    reg_write(JPEG_CONFR0, 0);
    mdma_end(MDMA_JPEG_IN);
    mdma_end(MDMA_JPEG_OUT);
    codec.busy = false;
}

/* Bytes that the MDMA has brought out. */
static uint32_t brought_out(void)
{
    uint32_t left = reg_read(MDMA_CBNDTR(MDMA_JPEG_OUT));
    return codec.room - (left & 0x1ffff) - (left >> 20) * codec.block;
}

/* Below the threshold nobody fetches them: the last words, like the vendor's driver. */
static uint32_t take_rest(uint32_t length)
{
    for (unsigned n = 0; n < FIFO_WORDS && reg_read(JPEG_SR) & JPEG_SR_OFNEF; n++) {
        if (length + 4 > codec.room)
            return 0;
        *(volatile uint32_t *)(codec.output + length) = reg_read(JPEG_DOR);
        length += 4;
    }
    return length;
}

/* The codec is done, and the MDMA with whole halves of the FIFO as soon as it has been to memory. */
enum jpeg_result jpeg_interrupt(uint32_t *length)
{
    if (!codec.busy || !(reg_read(JPEG_SR) & JPEG_SR_EOCF))
        return JPEG_NOTHING;
    reg_wait(JPEG_SR, JPEG_SR_OFTF, 0, DRAIN_POLLS);
    reg_wait(MDMA_CISR(MDMA_JPEG_OUT), MDMA_C0ISR_CRQA0, 0, DRAIN_POLLS);
    *length = take_rest(brought_out());
    jpeg_stop();
    reg_write(JPEG_CFR, JPEG_CFR_CEOCF);
    bool whole = codec.decodes ? *length == codec.room : *length != 0;
    return whole ? JPEG_DONE : JPEG_FAILED;
}

enum jpeg_result jpeg_mdma_interrupt(void)
{
    if (!codec.busy || !(mdma_take_flags(MDMA_JPEG_OUT) & (MDMA_C0ISR_CTCIF0 | MDMA_C0ISR_TEIF0)))
        return JPEG_NOTHING;
    jpeg_stop();
    return JPEG_FAILED;
}
