/* Wires that a person puts from one pin, or one bus, of the chip to another. */
#include "sim/board/internal.h"

#include <stdio.h>

#include "sim/soc/i2c.h"
#include "sim/soc/spi.h"
#include "sim/soc/usart.h"

static void carry(void *ctx, unsigned n, bool level)
{
    const struct board *board = ctx;
    soc_drive_pin(board->soc, board->jumper_to[n].port, board->jumper_to[n].number, level);
}

static bool make_pin(struct pin *pin, char port, unsigned number)
{
    *pin = (struct pin){(uint8_t)(port - 'A'), (uint8_t)number};
    return port >= 'A' && port < 'A' + SOC_PORTS && number < SOC_PINS;
}

const char *board_set_jumper(struct board *board, const char *value)
{
    char from_port, to_port, more;
    unsigned from_number, to_number;
    struct pin from, to;
    bool good = sscanf(value, "P%c%u-P%c%u%c", &from_port, &from_number, &to_port, &to_number,
                       &more) == 4 &&
                make_pin(&from, from_port, from_number) && make_pin(&to, to_port, to_number) &&
                (from.port != to.port || from.number != to.number);
    if (!good)
        return "a jumper leads from one pin to another, as in jumper=PC6-PA0";
    struct wire *wire = &board->soc->pin_level[from.port][from.number];
    if (board->jumpers == BOARD_JUMPERS || wire->sink_count == WIRE_SINKS_MAX)
        return "there are no more than 8 jumpers, and few from one pin";
    board->jumper_to[board->jumpers] = to;
    wire_connect(wire, carry, board, board->jumpers++);
    return NULL;
}

const char *board_set_wire(struct board *board, const char *value)
{
    char from_name[8], to_name[8], more;
    unsigned from, to;
    if (sscanf(value, "I2C%u-I2C%u%c", &from, &to, &more) == 2)
        return i2c_join(board->soc, from, to)
                   ? NULL
                   : "there are I2C1 to I2C4, and two of them are wired once";
    if (sscanf(value, "%7[A-Z0-9]-%7[A-Z0-9]%c", from_name, to_name, &more) == 2 &&
        (usart_join(board->soc, from_name, to_name) || spi_join(board->soc, from_name, to_name)))
        return NULL;
    return "a wire leads from one bus of the chip to another, as in wire=I2C1-I2C2 or SPI2-SPI5, "
           "or crosses two serial lines, as in wire=USART2-UART8, that have none yet";
}
