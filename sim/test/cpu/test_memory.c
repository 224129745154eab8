/* The way of an access: bit-band, alignment, MPU and its attributes, TLB, private peripheral bus. */
#include "sim/test/cpu/core_fixture.h"

enum { MPU_CTRL = 0xE000ED94u, MPU_RBAR = 0xE000ED9Cu, MPU_RASR = 0xE000EDA0u };

static void region(unsigned number, uint32_t base, unsigned bits, uint32_t attributes)
{
    store(MPU_RBAR, base | 16 | number);
    store(MPU_RASR, attributes | (bits - 1) << 1 | 1);
}

/* Cortex-M4 TRM 3.7. */
static void bit_band_of_the_m4(void **state)
{
    (void)state;
    fixture_put(FIXTURE_DATA + 0x100, 0x00800000);
    assert_int_equal(load(0x22000000 + 0x100 * 32 + 23 * 4), 1);
    assert_int_equal(load(0x22000000 + 0x100 * 32 + 22 * 4), 0);
    store(0x22000000 + 0x100 * 32 + 31 * 4, 0xffffffff);
    store(0x22000000 + 0x100 * 32 + 23 * 4, 0xfffffffe);
    assert_int_equal(load(FIXTURE_DATA + 0x100), 0x80000000);
    fixture.device = 0xf0;
    store(0x42000000 + 3 * 4, 1);
    assert_int_equal(fixture.device, 0xf8);
    assert_int_equal(fixture.device_reads, 1);
    assert_int_equal(fixture.device_writes, 1);
}

static void the_m7_has_no_bit_band(void **state)
{
    (void)state;
    assert_int_equal(try_load(0x22000000, 4), FAULT_DATA_BUS);
    assert_int_equal(try_store(0x42000000, 4), FAULT_DATA_BUS);
}

static void unaligned_access_is_split(void **state)
{
    (void)state;
    store(FIXTURE_DATA + 1021, 0x44332211);
    assert_int_equal(load(FIXTURE_DATA + 1020), 0x33221100);
    assert_int_equal(load(FIXTURE_DATA + 1021), 0x44332211);
    store(0xE000ED14, 8); /* UNALIGN_TRP */
    assert_int_equal(try_load(FIXTURE_DATA + 1021, 4), FAULT_UNALIGNED);
    assert_int_equal(try_store(FIXTURE_DATA + 1, 2), FAULT_UNALIGNED);
}

/* On the M7 Device and Strongly-ordered memory take no unaligned access, TLB or not. */
static void unaligned_access_to_device_faults_on_the_m7(void **state)
{
    (void)state;
    assert_int_equal(try_load(FIXTURE_DEVICE + 1, 2), FAULT_UNALIGNED);
    region(0, FIXTURE_DATA, 16, 0x03000000); /* strongly ordered */
    store(MPU_CTRL, 5);
    load(FIXTURE_DATA);
    assert_int_equal(try_load(FIXTURE_DATA + 1, 4), FAULT_UNALIGNED);
}

/* B3.5.3: the highest region rules; its disabled subregions do not. */
static void regions_overlap_by_number(void **state)
{
    (void)state;
    region(0, FIXTURE_DATA, 16, 0x03000000);
    region(1, FIXTURE_DATA, 12, 0x06000000 | 0x0200); /* read only but the second 512 bytes */
    store(MPU_CTRL, 5);
    assert_int_equal(try_store(FIXTURE_DATA, 4), FAULT_DATA_MPU);
    assert_int_equal(try_store(FIXTURE_DATA + 0x200, 4), FAULT_NONE);
    assert_int_equal(try_store(FIXTURE_DATA + 0x3fc, 4), FAULT_NONE);
    assert_int_equal(try_store(FIXTURE_DATA + 0x400, 4), FAULT_DATA_MPU);
    assert_int_equal(try_load(FIXTURE_DATA + 0x400, 4), FAULT_NONE);
    assert_int_equal(try_store(FIXTURE_DATA + 0x1000, 4), FAULT_NONE);
}

/* A page whose permissions are mixed is never entered in the TLB. */
static void mixed_page_stays_out_of_the_tlb(void **state)
{
    (void)state;
    unsigned index = tlb_index(FIXTURE_DATA);
    load(FIXTURE_DATA);
    assert_int_equal(fixture.cpu->tlb_read[index].tag, FIXTURE_DATA);
    region(0, FIXTURE_DATA + 0x20, 5, 0);
    store(MPU_CTRL, 5);
    assert_int_equal(fixture.cpu->tlb_read[index].tag, TLB_EMPTY);
    load(FIXTURE_DATA);
    assert_int_equal(fixture.cpu->tlb_read[index].tag, TLB_EMPTY);
    assert_int_equal(try_load(FIXTURE_DATA + 0x3c, 4), FAULT_DATA_MPU);
    assert_int_equal(try_load(FIXTURE_DATA + 0x40, 4), FAULT_NONE);
}

/* The TLB obeys privilege: filled by a handler, it must not serve unprivileged code. */
static void tlb_is_emptied_with_privilege(void **state)
{
    (void)state;
    region(0, FIXTURE_DATA, 16, 0x01000000); /* privileged only */
    store(MPU_CTRL, 5);
    load(FIXTURE_DATA);
    special_write(fixture.cpu, 20, 0, 1);
    assert_int_equal(fixture.cpu->tlb_read[tlb_index(FIXTURE_DATA)].tag, TLB_EMPTY);
    assert_int_equal(try_load(FIXTURE_DATA, 4), FAULT_DATA_MPU);
}

/* HFNMIENA 0: at negative priority the MPU is off (B3.5.5). */
static void mpu_is_off_at_negative_priority(void **state)
{
    (void)state;
    store(MPU_CTRL, 1);
    assert_int_equal(try_load(FIXTURE_DATA, 4), FAULT_DATA_MPU);
    change_state(fixture.cpu, true, false, true);
    assert_int_equal(try_load(FIXTURE_DATA, 4), FAULT_NONE);
    change_state(fixture.cpu, false, false, true);
    assert_int_equal(try_load(FIXTURE_DATA, 4), FAULT_DATA_MPU);
}

static void sixteen_regions_and_the_aliases(void **state)
{
    (void)state;
    assert_int_equal(load(0xE000ED90), 16 << 8);
    region(15, FIXTURE_DATA, 10, 0x03000000);
    assert_int_equal(load(0xE000EDA4), FIXTURE_DATA | 15); /* RBAR_A1 */
    store(0xE000EDB4, 0x20000400 | 16 | 3);                /* RBAR_A3 */
    assert_int_equal(load(0xE000ED98), 3);
}

/* Tables B3-1 and B3-13. */
static void attributes_of_an_address(void **state)
{
    struct cpu *cpu = fixture.cpu;
    (void)state;
    assert_int_equal(mpu_attributes(cpu, 0, true).type, MEMORY_WRITE_THROUGH);
    assert_int_equal(mpu_attributes(cpu, 0x20000000, true).type, MEMORY_WRITE_BACK_WRITE_ALLOCATE);
    assert_int_equal(mpu_attributes(cpu, 0xD0000000, true).type, MEMORY_DEVICE);
    assert_false(mpu_attributes(cpu, 0xD0000000, true).executable);
    assert_int_equal(mpu_attributes(cpu, 0xE0000000, true).type, MEMORY_STRONGLY_ORDERED);
    region(0, 0xD0000000, 25, 0x03000000 | 1u << 19);            /* TEX 1, C 0, B 0 */
    region(1, 0xC0000000, 25, 0x03000000 | 1u << 17 | 1u << 18); /* write-through, shareable */
    region(2, 0x30000000, 16, 0x03000000 | 5u << 19 | 3u << 16); /* inner write-back */
    store(MPU_CTRL, 5);
    assert_int_equal(mpu_attributes(cpu, 0xD0000000, true).type, MEMORY_NON_CACHEABLE);
    assert_true(mpu_attributes(cpu, 0xD0000000, true).executable);
    assert_int_equal(mpu_attributes(cpu, 0xC0000000, true).type, MEMORY_WRITE_THROUGH);
    assert_true(mpu_attributes(cpu, 0xC0000000, true).shareable);
    assert_int_equal(mpu_attributes(cpu, 0x30000000, true).type, MEMORY_WRITE_BACK);
}

static uint32_t random_state = 1;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % below;
}

/* Regions of 32 bytes to 64 KB anywhere in the data, of any permissions, on and off. */
static void write_any_region(void)
{
    unsigned bits = 5 + draw(12), number = draw(4);
    uint32_t base = FIXTURE_DATA + (draw(FIXTURE_RAM) >> bits << bits);
    store(0xE000ED98, number);
    if (draw(3))
        store(MPU_RBAR, base);
    store(MPU_RASR, draw(8) << 24 | draw(64) << 16 | (draw(3) ? 0 : draw(256) << 8) |
                        (bits - 1) << 1 | !!draw(4));
}

/* As an MPU that remembers nothing would answer. */
static struct memory_attributes ask_anew(uint32_t address, bool privileged)
{
    static struct mpu_answer kept[MPU_ANSWERS];
    struct mpu_answer *answers = fixture.cpu->system->mpu_answers;
    memcpy(kept, answers, sizeof kept);
    memset(answers, 0, sizeof kept);
    struct memory_attributes attributes = mpu_attributes(fixture.cpu, address, privileged);
    memcpy(answers, kept, sizeof kept);
    return attributes;
}

static bool tlb_lets_write(uint32_t address)
{
    return fixture.cpu->tlb_write[tlb_index(address)].tag == (address & ~(CPU_PAGE_SIZE - 1u));
}

/* Kernels move a stack's guard at every switch of threads: what is known of other pages stays, and
 * of these nothing, in the MPU and in the TLB. */
static void what_is_remembered_is_what_the_regions_say(void **state)
{
    unsigned known_to_tlb = 0;
    (void)state;
    store(MPU_CTRL, 5);
    for (unsigned n = 0; n < 20000; n++) {
        uint32_t address = FIXTURE_DATA + draw(FIXTURE_RAM / 4) * 4;
        bool privileged = draw(2);
        if (!draw(8))
            write_any_region();
        known_to_tlb += tlb_lets_write(address);
        bool writable = ask_anew(address, true).writable;
        assert_false(tlb_lets_write(address) && !writable);
        struct memory_attributes known = mpu_attributes(fixture.cpu, address, privileged);
        struct memory_attributes now = ask_anew(address, privileged);
        assert_memory_equal(&known, &now, sizeof now);
        assert_int_equal(try_store(address, 4), writable ? FAULT_NONE : FAULT_DATA_MPU);
        if (!draw(64))
            store(MPU_CTRL, draw(2) ? 5 : 4);
    }
    assert_true(known_to_tlb > 1000);
}

/* B3.1.1: unprivileged code has no way in, but for ITM ports and STIR if CCR lets it. */
static void private_peripheral_bus_is_for_the_privileged(void **state)
{
    (void)state;
    store(0xE000ED14, 2); /* USERSETMPEND */
    special_write(fixture.cpu, 20, 0, 1);
    assert_int_equal(try_load(0xE000ED00, 4), FAULT_DATA_BUS);
    assert_int_equal(try_store(0xE000E100, 4), FAULT_DATA_BUS);
    assert_int_equal(try_store(0xE000EF00, 4), FAULT_NONE);
    assert_int_equal(try_load(0xE0000000, 4), FAULT_NONE);
    assert_int_equal(try_load(0xE0001004, 4), FAULT_DATA_BUS);
}

static void bus_that_yields_leaves_nothing(void **state)
{
    uint32_t value;
    (void)state;
    assert_int_equal(try_load(FIXTURE_YIELD, 4), FAULT_YIELD);
    assert_int_equal(memory_read(fixture.cpu, FIXTURE_YIELD, 4, false, false, &value), FAULT_NONE);
}

static void identity_of_the_m7(void **state)
{
    (void)state;
    assert_int_equal(load(0xE000ED00), 0x411FC271);
    store(0xE000ED84, 0);
    assert_int_equal(load(0xE000ED80), 0xF00FE019); /* 128 sets, 4 ways, 32 bytes */
    store(0xE000ED84, 1);
    assert_int_equal(load(0xE000ED80), 0xF01FE009); /* 256 sets, 2 ways */
    assert_int_equal(load(0xE000EF40), 0x10110221);
    assert_int_equal(load(0xE000E004), 4);
    assert_int_equal(load(0xE000ED14), 0x00040200);
    store(0xE000EF5C, 0x20001000); /* DCIMVAC */
    assert_int_equal(fixture.traced, CPU_TRACE_CACHE_OPERATION);
    assert_int_equal(fixture.trace_value, 0x20001000);
}

static void identity_of_the_m4(void **state)
{
    (void)state;
    assert_int_equal(load(0xE000ED00), 0x410FC241);
    assert_int_equal(load(0xE000ED78), 0);
    assert_int_equal(load(0xE000EF40), 0x10110021);
    assert_int_equal(load(0xE000ED90), 8 << 8);
}

static void system_reset_needs_the_key(void **state)
{
    (void)state;
    store(0xE000ED0C, 4);
    assert_int_equal(fixture.resets, 0);
    store(0xE000ED0C, 0x05FA0004);
    assert_int_equal(fixture.resets, 1);
}

static void stimulus_port_reaches_the_trace(void **state)
{
    (void)state;
    store(0xE000EDFC, 1u << 24);
    store(0xE0000FB0, 0xC5ACCE55);
    store(0xE0000E80, 1);
    store(0xE0000E00, 2);
    store(0xE0000004, 'x');
    assert_int_equal(fixture.traced, CPU_TRACE_ITM);
    assert_int_equal(fixture.trace_address, 1);
    assert_int_equal(fixture.trace_value, 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        M4_TEST(bit_band_of_the_m4),
        M7_TEST(the_m7_has_no_bit_band),
        M7_TEST(unaligned_access_is_split),
        M7_TEST(unaligned_access_to_device_faults_on_the_m7),
        M7_TEST(regions_overlap_by_number),
        M4_TEST(mixed_page_stays_out_of_the_tlb),
        M7_TEST(tlb_is_emptied_with_privilege),
        M7_TEST(mpu_is_off_at_negative_priority),
        M7_TEST(sixteen_regions_and_the_aliases),
        M7_TEST(attributes_of_an_address),
        M4_TEST(what_is_remembered_is_what_the_regions_say),
        M7_TEST(what_is_remembered_is_what_the_regions_say),
        M7_TEST(private_peripheral_bus_is_for_the_privileged),
        M4_TEST(bus_that_yields_leaves_nothing),
        M7_TEST(identity_of_the_m7),
        M4_TEST(identity_of_the_m4),
        M4_TEST(system_reset_needs_the_key),
        M7_TEST(stimulus_port_reaches_the_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
