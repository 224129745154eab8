/* Vectors, the way into and out of handlers, and what C cannot say. */
    .syntax unified
    .cpu cortex-m4
    .fpu fpv4-sp-d16
    .thumb

    .section .vectors, "a"
    .global vectors
vectors:
    .word 0x20100000
    .word start
    .rept 46
    .word entry
    .endr

    .text
    .macro function name
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

    .thumb_func
    .global start
    .type start, %function
start:
    bl guest_main
    b .

/* handler(exc_return, main stack, process stack) answers with the EXC_RETURN to leave by. */
    function entry
    mov r0, lr
    mrs r1, msp
    mrs r2, psp
    push {r0, lr}
    bl handler
    pop {r1, lr}
    bx r0

/* run_on_psp(function, psp, control): SVC 0xEE makes the thread privileged again. A handler that finds
 * the process stack lost sends the thread to `recover`. */
    function run_on_psp
    push {r4-r11, lr}
    mov r4, r0
    msr psp, r1
    msr control, r2
    isb
    blx r4
    svc #0xee
    function recover
    movs r0, #0
    msr control, r0
    isb
    pop {r4-r11, pc}

/* call_misaligned(function): with SP off by four. */
    function call_misaligned
    push {r4, r5, r6, lr}
    sub sp, #4
    blx r0
    add sp, #4
    pop {r4, r5, r6, pc}

/* Each of these is one instruction that may fault, then a return. r0: address or operand. */
    function do_udf
    udf #7
    bx lr
    function do_udf_wide
    udf.w #7
    bx lr
    function do_bkpt
    bkpt #5
    bx lr
    function do_load
    ldr r0, [r0]
    bx lr
    function do_load_half
    ldrh r0, [r0]
    bx lr
    function do_load_byte
    ldrb r0, [r0]
    bx lr
    function do_load_user
    ldrt r0, [r0]
    bx lr
    function do_store
    str r1, [r0]
    bx lr
    function do_store_half
    strh r1, [r0]
    bx lr
    function do_store_byte
    strb r1, [r0]
    bx lr
    function do_store_user
    strt r1, [r0]
    bx lr
    function do_load_double
    ldrd r0, r1, [r0]
    bx lr
    function do_load_multiple
    ldm r0, {r1, r2}
    bx lr
    function do_divide
    udiv r0, r0, r1
    bx lr
    function do_call
    push {r4, lr}
    blx r0
    pop {r4, pc}
    function do_svc
    svc #1
    bx lr
    function do_it_fault
    cmp r0, r0
    itte eq
    moveq r0, #1
    ldreq r0, [r1]
    movne r0, #2
    bx lr

/* FP: r0 goes to S0 to S3, or comes from S0, S15, S16 and FPSCR. */
    function do_fp_write
    vmov s0, r0
    vmov s15, r0
    vmov s3, r0
    bx lr
    function do_fp_status
    vmsr fpscr, r0
    bx lr
    function do_fp_read
    vmov r0, s0
    bx lr
    function do_fp_read15
    vmov r0, s15
    bx lr
    function do_fp_read_status
    vmrs r0, fpscr
    bx lr
    function fp_fill
    vmov s0, r0
    vmov s1, r0
    vmov.f32 s2, s0
    vmov.f32 s3, s0
    vmov.f32 s4, s0
    vmov.f32 s5, s0
    vmov.f32 s6, s0
    vmov.f32 s7, s0
    vmov.f32 s8, s0
    vmov.f32 s9, s0
    vmov.f32 s10, s0
    vmov.f32 s11, s0
    vmov.f32 s12, s0
    vmov.f32 s13, s0
    vmov.f32 s14, s0
    vmov.f32 s15, s0
    movs r0, #0
    vmsr fpscr, r0
    bx lr

/* What may let an exception in: where exactly in here it is taken is the implementation's choice, so
 * that a handler takes any PC between these labels for the same. */
    .global sync_begin
sync_begin:
    function poke
    str r1, [r0]
    dsb
    isb
    bx lr
    function poke_half
    strh r1, [r0]
    dsb
    isb
    bx lr
    function poke_byte
    strb r1, [r0]
    dsb
    isb
    bx lr
    function set_primask
    msr primask, r0
    dsb
    isb
    bx lr
    function set_basepri
    msr basepri, r0
    dsb
    isb
    bx lr
    function raise_basepri
    msr basepri_max, r0
    dsb
    isb
    bx lr
    function set_faultmask
    msr faultmask, r0
    dsb
    isb
    bx lr
    function enable_interrupts
    cpsie i
    dsb
    isb
    bx lr
    function disable_interrupts
    cpsid i
    dsb
    isb
    bx lr
    function enable_faults
    cpsie f
    dsb
    isb
    bx lr
    function disable_faults
    cpsid f
    dsb
    isb
    bx lr
    .global sync_end
sync_end:

/* The end, for QEMU: semihosting SYS_EXIT, ADP_Stopped_ApplicationExit. */
    function leave
    movs r0, #0x18
    ldr r1, =0x20026
    bkpt #0xab
    b .
