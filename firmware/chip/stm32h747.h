/*
 * Registers of the STM32H747 that this firmware uses, as RM0399 gives them. Names: BLOCK_REGISTER is
 * an address, BLOCK_REGISTER_FIELD a bit mask, or a macro that places a value where the field is
 * wider than a bit. A test compares all of them with the vendor's register description.
 */
#ifndef CHIP_STM32H747_H
#define CHIP_STM32H747_H

#include "chip/mmio.h"

/* ---- RCC, chapter 9 ------------------------------------------------------------------------ */
#define RCC_BASE                0x58024400u
#define RCC_CR                  (RCC_BASE + 0x000)
#define RCC_CR_HSEON            BIT(16)
#define RCC_CR_HSERDY           BIT(17)
#define RCC_CR_HSEBYP           BIT(18)
#define RCC_CR_D1CKRDY          BIT(14)
#define RCC_CR_D2CKRDY          BIT(15)
#define RCC_CR_PLL1ON           BIT(24)
#define RCC_CR_PLL1RDY          BIT(25)
#define RCC_CR_PLL3ON           BIT(28)
#define RCC_CR_PLL3RDY          BIT(29)
#define RCC_CFGR                (RCC_BASE + 0x010)
#define RCC_CFGR_SW(v)          BITS(v, 0, 3)
#define RCC_CFGR_SWS(v)         BITS(v, 3, 3)
#define RCC_D1CFGR              (RCC_BASE + 0x018)
#define RCC_D1CFGR_HPRE(v)      BITS(v, 0, 4)
#define RCC_D1CFGR_D1PPRE(v)    BITS(v, 4, 3)
#define RCC_D1CFGR_D1CPRE(v)    BITS(v, 8, 4)
#define RCC_D2CFGR              (RCC_BASE + 0x01c)
#define RCC_D2CFGR_D2PPRE1(v)   BITS(v, 4, 3)
#define RCC_D2CFGR_D2PPRE2(v)   BITS(v, 8, 3)
#define RCC_D3CFGR              (RCC_BASE + 0x020)
#define RCC_D3CFGR_D3PPRE(v)    BITS(v, 4, 3)
#define RCC_PLLCKSELR           (RCC_BASE + 0x028)
#define RCC_PLLCKSELR_PLLSRC(v) BITS(v, 0, 2)
#define RCC_PLLCKSELR_DIVM1(v)  BITS(v, 4, 6)
#define RCC_PLLCKSELR_DIVM3(v)  BITS(v, 20, 6)
#define RCC_PLLCFGR             (RCC_BASE + 0x02c)
#define RCC_PLLCFGR_PLL1FRACEN  BIT(0)
#define RCC_PLLCFGR_PLL1VCOSEL  BIT(1)
#define RCC_PLLCFGR_PLL1RGE(v)  BITS(v, 2, 2)
#define RCC_PLLCFGR_PLL3FRACEN  BIT(8)
#define RCC_PLLCFGR_PLL3VCOSEL  BIT(9)
#define RCC_PLLCFGR_PLL3RGE(v)  BITS(v, 10, 2)
#define RCC_PLLCFGR_DIVP1EN     BIT(16)
#define RCC_PLLCFGR_DIVQ1EN     BIT(17)
#define RCC_PLLCFGR_DIVR1EN     BIT(18)
#define RCC_PLLCFGR_DIVR3EN     BIT(24)
#define RCC_PLL1DIVR            (RCC_BASE + 0x030)
#define RCC_PLL1DIVR_DIVN1(v)   BITS(v, 0, 9)
#define RCC_PLL1DIVR_DIVP1(v)   BITS(v, 9, 7)
#define RCC_PLL1DIVR_DIVQ1(v)   BITS(v, 16, 7)
#define RCC_PLL1DIVR_DIVR1(v)   BITS(v, 24, 7)
#define RCC_PLL3DIVR            (RCC_BASE + 0x040)
#define RCC_PLL3DIVR_DIVN3(v)   BITS(v, 0, 9)
#define RCC_PLL3DIVR_DIVP3(v)   BITS(v, 9, 7)
#define RCC_PLL3DIVR_DIVQ3(v)   BITS(v, 16, 7)
#define RCC_PLL3DIVR_DIVR3(v)   BITS(v, 24, 7)
#define RCC_GCR                 (RCC_BASE + 0x0a0)
#define RCC_GCR_BOOT_C1         BIT(2)
#define RCC_GCR_BOOT_C2         BIT(3)
#define RCC_APB3RSTR            (RCC_BASE + 0x08c)
#define RCC_APB3RSTR_LTDCRST    BIT(3)
#define RCC_APB3RSTR_DSIRST     BIT(4)
#define RCC_RSR                 (RCC_BASE + 0x0d0)
#define RCC_RSR_SFT1RSTF        BIT(24)
#define RCC_AHB3ENR             (RCC_BASE + 0x0d4)
#define RCC_AHB3ENR_MDMAEN      BIT(0)
#define RCC_AHB3ENR_DMA2DEN     BIT(4)
#define RCC_AHB3ENR_JPGDECEN    BIT(5)
#define RCC_AHB3ENR_FMCEN       BIT(12)
#define RCC_AHB1ENR             (RCC_BASE + 0x0d8)
#define RCC_AHB1ENR_DMA2EN      BIT(1)
#define RCC_AHB1ENR_ARTEN       BIT(14)

#define RCC_AHB1ENR_USB1OTGHSEN     BIT(25)
#define RCC_AHB1ENR_USB1OTGHSULPIEN BIT(26)

#define RCC_AHB2ENR          (RCC_BASE + 0x0dc)
#define RCC_AHB2ENR_DCMIEN   BIT(0)
#define RCC_AHB2ENR_SRAM1EN  BIT(29)
#define RCC_AHB2ENR_SRAM2EN  BIT(30)
#define RCC_AHB2ENR_SRAM3EN  BIT(31)
#define RCC_AHB4ENR          (RCC_BASE + 0x0e0)
#define RCC_AHB4ENR_GPIOAEN  BIT(0)
#define RCC_AHB4ENR_HSEMEN   BIT(25)
#define RCC_APB3ENR          (RCC_BASE + 0x0e4)
#define RCC_APB3ENR_LTDCEN   BIT(3)
#define RCC_APB3ENR_DSIEN    BIT(4)
#define RCC_APB1LENR         (RCC_BASE + 0x0e8)
#define RCC_APB1LENR_TIM2EN  BIT(0)
#define RCC_APB1LENR_TIM3EN  BIT(1)
#define RCC_APB1LENR_TIM5EN  BIT(3)
#define RCC_APB2ENR          (RCC_BASE + 0x0f0)
#define RCC_APB2ENR_USART1EN BIT(4)
#define RCC_APB4ENR          (RCC_BASE + 0x0f4)
#define RCC_APB4ENR_SYSCFGEN BIT(1)
#define RCC_APB4ENR_I2C4EN   BIT(7)

/* ---- PWR, chapter 7 ------------------------------------------------------------------------ */
#define PWR_BASE           0x58024800u
#define PWR_CSR1           (PWR_BASE + 0x004)
#define PWR_CSR1_ACTVOSRDY BIT(13)
#define PWR_CR3            (PWR_BASE + 0x00c)
#define PWR_CR3_BYPASS     BIT(0)
#define PWR_CR3_LDOEN      BIT(1)
#define PWR_CR3_SDEN       BIT(2)
#define PWR_CPUCR          (PWR_BASE + 0x010)
#define PWR_CPUCR_PDDS_D1  BIT(0)
#define PWR_CPUCR_PDDS_D2  BIT(1)
#define PWR_CPUCR_PDDS_D3  BIT(2)
#define PWR_CPU2CR         (PWR_BASE + 0x014)
#define PWR_CPU2CR_PDDS_D1 BIT(0)
#define PWR_CPU2CR_PDDS_D2 BIT(1)
#define PWR_CPU2CR_PDDS_D3 BIT(2)
#define PWR_D3CR           (PWR_BASE + 0x018)
#define PWR_D3CR_VOS(v)    BITS(v, 14, 2)
#define PWR_D3CR_VOSRDY    BIT(13)

/* ---- SYSCFG, chapter 13 -------------------------------------------------------------------- */
#define SYSCFG_BASE             0x58000400u
#define SYSCFG_EXTICR2          (SYSCFG_BASE + 0x00c)
#define SYSCFG_EXTICR2_EXTI7(v) BITS(v, 12, 4)
#define SYSCFG_PWRCR            (SYSCFG_BASE + 0x02c)
#define SYSCFG_PWRCR_ODEN       BIT(0)
#define SYSCFG_CCCSR            (SYSCFG_BASE + 0x020)
#define SYSCFG_CCCSR_EN         BIT(0)
#define SYSCFG_UR1              (SYSCFG_BASE + 0x304)
#define SYSCFG_UR1_BCM4         BIT(0)

/* ---- FLASH, chapter 4 ---------------------------------------------------------------------- */
#define FLASH_BASE              0x52002000u
#define FLASH_ACR               (FLASH_BASE + 0x000)
#define FLASH_ACR_LATENCY(v)    BITS(v, 0, 4)
#define FLASH_ACR_WRHIGHFREQ(v) BITS(v, 4, 2)

/* ---- HSEM, chapter 12 ---------------------------------------------------------------------- */
#define HSEM_BASE       0x58026400u
#define HSEM_R0         (HSEM_BASE + 0x000)
#define HSEM_RLR0       (HSEM_BASE + 0x080)
#define HSEM_C1IER      (HSEM_BASE + 0x100)
#define HSEM_C1ICR      (HSEM_BASE + 0x104)
#define HSEM_C1ISR      (HSEM_BASE + 0x108)
#define HSEM_C1MISR     (HSEM_BASE + 0x10c)
#define HSEM_C2IER      (HSEM_BASE + 0x110)
#define HSEM_C2ICR      (HSEM_BASE + 0x114)
#define HSEM_C2ISR      (HSEM_BASE + 0x118)
#define HSEM_C2MISR     (HSEM_BASE + 0x11c)
#define HSEM_LOCK       BIT(31)
#define HSEM_COREID_CM7 3u
#define HSEM_COREID_CM4 1u
#ifdef DUET_STM32H7_CORE_M7
#define HSEM_COREID HSEM_COREID_CM7 /* of the core that this is compiled for */
#else
#define HSEM_COREID HSEM_COREID_CM4
#endif

/* ---- EXTI, chapter 20 ---------------------------------------------------------------------- */
#define EXTI_BASE   0x58000000u
#define EXTI_FTSR1  (EXTI_BASE + 0x004)
#define EXTI_C2IMR1 (EXTI_BASE + 0x0c0)
#define EXTI_C2PR1  (EXTI_BASE + 0x0c8)
#define EXTI_C2EMR3 (EXTI_BASE + 0x0e4)

/* ---- GPIO, chapter 11: one block a port, 0x400 apart ---------------------------------------- */
#define GPIO_BASE(port) (0x58020000u + 0x400u * (uint32_t)(port))
#define GPIO_MODER      0x00
#define GPIO_OTYPER     0x04
#define GPIO_OSPEEDR    0x08
#define GPIO_PUPDR      0x0c
#define GPIO_IDR        0x10
#define GPIO_ODR        0x14
#define GPIO_BSRR       0x18
#define GPIO_AFRL       0x20
#define GPIO_AFRH       0x24

/* ---- DMA, chapter 16; DMAMUX1, chapter 18 --------------------------------------------------- */
#define DMA2_BASE                  0x40020400u
#define DMA2_LISR                  (DMA2_BASE + 0x00)
#define DMA2_LIFCR                 (DMA2_BASE + 0x08)
#define DMA2_LIFCR_CTCIF3          BIT(27)
#define DMA2_LIFCR_CHTIF3          BIT(26)
#define DMA2_LIFCR_CTEIF3          BIT(25)
#define DMA2_LIFCR_CDMEIF3         BIT(24)
#define DMA2_LIFCR_CFEIF3          BIT(22)
#define DMA2_S3CR                  (DMA2_BASE + 0x58)
#define DMA2_S3CR_EN               BIT(0)
#define DMA2_S3CR_TCIE             BIT(4)
#define DMA2_S3CR_DIR(v)           BITS(v, 6, 2)
#define DMA2_S3CR_CIRC             BIT(8)
#define DMA2_S3CR_MINC             BIT(10)
#define DMA2_S3CR_PSIZE(v)         BITS(v, 11, 2)
#define DMA2_S3CR_MSIZE(v)         BITS(v, 13, 2)
#define DMA2_S3CR_PL(v)            BITS(v, 16, 2)
#define DMA2_S3CR_DBM              BIT(18)
#define DMA2_S3CR_MBURST(v)        BITS(v, 23, 2)
#define DMA2_S3NDTR                (DMA2_BASE + 0x5c)
#define DMA2_S3PAR                 (DMA2_BASE + 0x60)
#define DMA2_S3M0AR                (DMA2_BASE + 0x64)
#define DMA2_S3M1AR                (DMA2_BASE + 0x68)
#define DMA2_S3FCR                 (DMA2_BASE + 0x6c)
#define DMA2_S3FCR_FTH(v)          BITS(v, 0, 2)
#define DMA2_S3FCR_DMDIS           BIT(2)
#define DMAMUX1_BASE               0x40020800u
#define DMAMUX1_C11CR              (DMAMUX1_BASE + 0x2c)
#define DMAMUX1_C11CR_DMAREQ_ID(v) BITS(v, 0, 8)
#define DMAMUX1_REQUEST_DCMI       75u

/* ---- MDMA, chapter 15: channel registers 0x40 apart ------------------------------------------ */
#define MDMA_BASE                 0x52000000u
#define MDMA_CISR(channel)        (MDMA_BASE + 0x40u + 0x40u * (channel))
#define MDMA_CIFCR(channel)       (MDMA_BASE + 0x44u + 0x40u * (channel))
#define MDMA_CCR(channel)         (MDMA_BASE + 0x4cu + 0x40u * (channel))
#define MDMA_CTCR(channel)        (MDMA_BASE + 0x50u + 0x40u * (channel))
#define MDMA_CBNDTR(channel)      (MDMA_BASE + 0x54u + 0x40u * (channel))
#define MDMA_CSAR(channel)        (MDMA_BASE + 0x58u + 0x40u * (channel))
#define MDMA_CDAR(channel)        (MDMA_BASE + 0x5cu + 0x40u * (channel))
#define MDMA_CBRUR(channel)       (MDMA_BASE + 0x60u + 0x40u * (channel))
#define MDMA_CLAR(channel)        (MDMA_BASE + 0x64u + 0x40u * (channel))
#define MDMA_CTBR(channel)        (MDMA_BASE + 0x68u + 0x40u * (channel))
#define MDMA_CMAR(channel)        (MDMA_BASE + 0x70u + 0x40u * (channel))
#define MDMA_CMDR(channel)        (MDMA_BASE + 0x74u + 0x40u * (channel))
#define MDMA_C0ISR_TEIF0          BIT(0)
#define MDMA_C0ISR_CTCIF0         BIT(1)
#define MDMA_C0ISR_CRQA0          BIT(16)
#define MDMA_C0IFCR_CTEIF0        BIT(0)
#define MDMA_C0IFCR_CCTCIF0       BIT(1)
#define MDMA_C0IFCR_CBRTIF0       BIT(2)
#define MDMA_C0IFCR_CBTIF0        BIT(3)
#define MDMA_C0IFCR_CLTCIF0       BIT(4)
#define MDMA_C0CR_EN              BIT(0)
#define MDMA_C0CR_TEIE            BIT(1)
#define MDMA_C0CR_CTCIE           BIT(2)
#define MDMA_C0CR_PL(v)           BITS(v, 6, 2)
#define MDMA_C0TCR_SINC(v)        BITS(v, 0, 2)
#define MDMA_C0TCR_DINC(v)        BITS(v, 2, 2)
#define MDMA_C0TCR_SSIZE(v)       BITS(v, 4, 2)
#define MDMA_C0TCR_DSIZE(v)       BITS(v, 6, 2)
#define MDMA_C0TCR_SINCOS(v)      BITS(v, 8, 2)
#define MDMA_C0TCR_DINCOS(v)      BITS(v, 10, 2)
#define MDMA_C0TCR_SBURST(v)      BITS(v, 12, 3)
#define MDMA_C0TCR_DBURST(v)      BITS(v, 15, 3)
#define MDMA_C0TCR_TLEN(v)        BITS(v, 18, 7)
#define MDMA_C0TCR_PKE            BIT(25)
#define MDMA_C0TCR_TRGM(v)        BITS(v, 28, 2)
#define MDMA_C0BNDTR_BNDT(v)      BITS(v, 0, 17)
#define MDMA_C0BNDTR_BRC(v)       BITS(v, 20, 12)
#define MDMA_C0BRUR_SUV(v)        BITS(v, 0, 16)
#define MDMA_C0BRUR_DUV(v)        BITS(v, 16, 16)
#define MDMA_C0TBR_TSEL(v)        BITS(v, 0, 6)
#define MDMA_TRIGGER_DMA2_STREAM3 11u
#define MDMA_TRIGGER_JPEG_IFT     17u
#define MDMA_TRIGGER_JPEG_OFT     19u

/* ---- DMA2D, chapter 19 ----------------------------------------------------------------------- */
#define DMA2D_BASE             0x52001000u
#define DMA2D_CR               (DMA2D_BASE + 0x00)
#define DMA2D_CR_START         BIT(0)
#define DMA2D_CR_ABORT         BIT(2)
#define DMA2D_CR_TEIE          BIT(8)
#define DMA2D_CR_TCIE          BIT(9)
#define DMA2D_CR_CEIE          BIT(13)
#define DMA2D_CR_MODE(v)       BITS(v, 16, 3)
#define DMA2D_ISR              (DMA2D_BASE + 0x04)
#define DMA2D_ISR_TEIF         BIT(0)
#define DMA2D_ISR_TCIF         BIT(1)
#define DMA2D_ISR_CEIF         BIT(5)
#define DMA2D_IFCR             (DMA2D_BASE + 0x08)
#define DMA2D_FGMAR            (DMA2D_BASE + 0x0c)
#define DMA2D_FGOR             (DMA2D_BASE + 0x10)
#define DMA2D_FGPFCCR          (DMA2D_BASE + 0x1c)
#define DMA2D_FGPFCCR_CM(v)    BITS(v, 0, 4)
#define DMA2D_FGPFCCR_AM(v)    BITS(v, 16, 2)
#define DMA2D_FGPFCCR_CSS(v)   BITS(v, 18, 2)
#define DMA2D_FGPFCCR_ALPHA(v) BITS(v, 24, 8)
#define DMA2D_FGCOLR           (DMA2D_BASE + 0x20)
#define DMA2D_BGMAR            (DMA2D_BASE + 0x14)
#define DMA2D_BGOR             (DMA2D_BASE + 0x18)
#define DMA2D_BGPFCCR          (DMA2D_BASE + 0x24)
#define DMA2D_BGPFCCR_CM(v)    BITS(v, 0, 4)
#define DMA2D_OPFCCR           (DMA2D_BASE + 0x34)
#define DMA2D_OPFCCR_CM(v)     BITS(v, 0, 3)
#define DMA2D_OCOLR            (DMA2D_BASE + 0x38)
#define DMA2D_OMAR             (DMA2D_BASE + 0x3c)
#define DMA2D_OOR              (DMA2D_BASE + 0x40)
#define DMA2D_NLR              (DMA2D_BASE + 0x44)
#define DMA2D_NLR_NL(v)        BITS(v, 0, 16)
#define DMA2D_NLR_PL(v)        BITS(v, 16, 14)

/* ---- JPEG codec, chapter of that name; the memories of its tables follow the registers ----------- */
#define JPEG_BASE                 0x52003000u
#define JPEG_CONFR0               (JPEG_BASE + 0x00)
#define JPEG_CONFR0_START         BIT(0)
#define JPEG_CONFR1               (JPEG_BASE + 0x04)
#define JPEG_CONFR1_NF(v)         BITS(v, 0, 2)
#define JPEG_CONFR1_COLORSPACE(v) BITS(v, 4, 2)
#define JPEG_CONFR1_NS(v)         BITS(v, 6, 2)
#define JPEG_CONFR1_DE            BIT(3)
#define JPEG_CONFR1_HDR           BIT(8)
#define JPEG_CONFR1_YSIZE(v)      BITS(v, 16, 16)
#define JPEG_CONFR2               (JPEG_BASE + 0x08)
#define JPEG_CONFR3               (JPEG_BASE + 0x0c)
#define JPEG_CONFR3_XSIZE(v)      BITS(v, 16, 16)
#define JPEG_CONFRN1              (JPEG_BASE + 0x10)
#define JPEG_CONFRN2              (JPEG_BASE + 0x14)
#define JPEG_CONFRN3              (JPEG_BASE + 0x18)
#define JPEG_CONFRN1_HD           BIT(0)
#define JPEG_CONFRN1_HA           BIT(1)
#define JPEG_CONFRN1_QT(v)        BITS(v, 2, 2)
#define JPEG_CONFRN1_NB(v)        BITS(v, 4, 4)
#define JPEG_CONFRN1_VSF(v)       BITS(v, 8, 4)
#define JPEG_CONFRN1_HSF(v)       BITS(v, 12, 4)
#define JPEG_CR                   (JPEG_BASE + 0x30)
#define JPEG_CR_JCEN              BIT(0)
#define JPEG_CR_EOCIE             BIT(5)
#define JPEG_CR_IFF               BIT(13)
#define JPEG_CR_OFF               BIT(14)
#define JPEG_SR                   (JPEG_BASE + 0x34)
#define JPEG_SR_OFTF              BIT(3)
#define JPEG_SR_OFNEF             BIT(4)
#define JPEG_SR_EOCF              BIT(5)
#define JPEG_CFR                  (JPEG_BASE + 0x38)
#define JPEG_CFR_CEOCF            BIT(5)
#define JPEG_CFR_CHPDF            BIT(6)
#define JPEG_DIR                  (JPEG_BASE + 0x40)
#define JPEG_DOR                  (JPEG_BASE + 0x44)

/* ---- DCMI, chapter 32 ------------------------------------------------------------------------ */
#define DCMI_BASE          0x48020000u
#define DCMI_CR            (DCMI_BASE + 0x00)
#define DCMI_CR_CAPTURE    BIT(0)
#define DCMI_CR_CM         BIT(1)
#define DCMI_CR_PCKPOL     BIT(5)
#define DCMI_CR_HSPOL      BIT(6)
#define DCMI_CR_VSPOL      BIT(7)
#define DCMI_CR_ENABLE     BIT(14)
#define DCMI_SR            (DCMI_BASE + 0x04)
#define DCMI_IER           (DCMI_BASE + 0x0c)
#define DCMI_IER_FRAME_IE  BIT(0)
#define DCMI_IER_OVR_IE    BIT(1)
#define DCMI_IER_ERR_IE    BIT(2)
#define DCMI_IER_VSYNC_IE  BIT(3)
#define DCMI_MIS           (DCMI_BASE + 0x10)
#define DCMI_MIS_FRAME_MIS BIT(0)
#define DCMI_MIS_OVR_MIS   BIT(1)
#define DCMI_MIS_ERR_MIS   BIT(2)
#define DCMI_MIS_VSYNC_MIS BIT(3)
#define DCMI_ICR           (DCMI_BASE + 0x14)
#define DCMI_DR            (DCMI_BASE + 0x28)

/* ---- USART, chapter 51 ------------------------------------------------------------------------ */
#define USART1_BASE       0x40011000u
#define USART1_CR1        (USART1_BASE + 0x00)
#define USART1_CR1_UE     BIT(0)
#define USART1_CR1_RE     BIT(2)
#define USART1_CR1_TE     BIT(3)
#define USART1_CR1_RXNEIE BIT(5)
#define USART1_CR1_TXEIE  BIT(7)
#define USART1_CR1_FIFOEN BIT(29)
#define USART1_BRR        (USART1_BASE + 0x0c)
#define USART1_ISR        (USART1_BASE + 0x1c)
#define USART1_ISR_ORE    BIT(3)
#define USART1_ISR_RXNE   BIT(5)
#define USART1_ISR_TXE    BIT(7)
#define USART1_ISR_TC     BIT(6)
#define USART1_ICR        (USART1_BASE + 0x20)
#define USART1_ICR_ORECF  BIT(3)
#define USART1_RDR        (USART1_BASE + 0x24)
#define USART1_TDR        (USART1_BASE + 0x28)

/* ---- I2C, chapter 50 -------------------------------------------------------------------------- */
#define I2C4_BASE          0x58001c00u
#define I2C4_CR1           (I2C4_BASE + 0x00)
#define I2C4_CR1_PE        BIT(0)
#define I2C4_CR2           (I2C4_BASE + 0x04)
#define I2C4_CR2_SADD(v)   BITS(v, 0, 10)
#define I2C4_CR2_RD_WRN    BIT(10)
#define I2C4_CR2_START     BIT(13)
#define I2C4_CR2_STOP      BIT(14)
#define I2C4_CR2_NBYTES(v) BITS(v, 16, 8)
#define I2C4_CR2_AUTOEND   BIT(25)
#define I2C4_TIMINGR       (I2C4_BASE + 0x10)
#define I2C4_ISR           (I2C4_BASE + 0x18)
#define I2C4_ISR_TXIS      BIT(1)
#define I2C4_ISR_RXNE      BIT(2)
#define I2C4_ISR_NACKF     BIT(4)
#define I2C4_ISR_STOPF     BIT(5)
#define I2C4_ISR_TC        BIT(6)
#define I2C4_ISR_BERR      BIT(8)
#define I2C4_ISR_ARLO      BIT(9)
#define I2C4_ISR_BUSY      BIT(15)
#define I2C4_ICR           (I2C4_BASE + 0x1c)
#define I2C4_ICR_NACKCF    BIT(4)
#define I2C4_ICR_STOPCF    BIT(5)
#define I2C4_ICR_BERRCF    BIT(8)
#define I2C4_ICR_ARLOCF    BIT(9)
#define I2C4_RXDR          (I2C4_BASE + 0x24)
#define I2C4_TXDR          (I2C4_BASE + 0x28)

/* ---- TIM2 and TIM5, chapter 43 ---------------------------------------------------------------- */
#define TIM2_BASE   0x40000000u
#define TIM3_BASE   0x40000400u
#define TIM5_BASE   0x40000c00u
#define TIM_CR1     0x00
#define TIM_CR1_CEN BIT(0)
#define TIM_EGR     0x14
#define TIM_EGR_UG  BIT(0)
#define TIM_CNT     0x24
#define TIM_PSC     0x28
#define TIM_ARR     0x2c

/* ---- FMC, chapter 22: the SDRAM controller ----------------------------------------------------- */
#define FMC_BASE           0x52004000u
#define FMC_BCR1           (FMC_BASE + 0x000)
#define FMC_BCR1_FMCEN     BIT(31)
#define FMC_SDCR1          (FMC_BASE + 0x140)
#define FMC_SDCR2          (FMC_BASE + 0x144)
#define FMC_SDCR1_SDCLK(v) BITS(v, 10, 2)
#define FMC_SDCR1_RBURST   BIT(12)
#define FMC_SDCR1_RPIPE(v) BITS(v, 13, 2)
#define FMC_SDCR2_NC(v)    BITS(v, 0, 2)
#define FMC_SDCR2_NR(v)    BITS(v, 2, 2)
#define FMC_SDCR2_MWID(v)  BITS(v, 4, 2)
#define FMC_SDCR2_NB       BIT(6)
#define FMC_SDCR2_CAS(v)   BITS(v, 7, 2)
#define FMC_SDTR1          (FMC_BASE + 0x148)
#define FMC_SDTR2          (FMC_BASE + 0x14c)
#define FMC_SDTR1_TRC(v)   BITS(v, 12, 4)
#define FMC_SDTR1_TRP(v)   BITS(v, 20, 4)
#define FMC_SDTR2_TMRD(v)  BITS(v, 0, 4)
#define FMC_SDTR2_TXSR(v)  BITS(v, 4, 4)
#define FMC_SDTR2_TRAS(v)  BITS(v, 8, 4)
#define FMC_SDTR2_TWR(v)   BITS(v, 16, 4)
#define FMC_SDTR2_TRCD(v)  BITS(v, 24, 4)
#define FMC_SDCMR          (FMC_BASE + 0x150)
#define FMC_SDCMR_MODE(v)  BITS(v, 0, 3)
#define FMC_SDCMR_CTB2     BIT(3)
#define FMC_SDCMR_NRFS(v)  BITS(v, 5, 4)
#define FMC_SDCMR_MRD(v)   BITS(v, 9, 14)
#define FMC_SDRTR          (FMC_BASE + 0x154)
#define FMC_SDRTR_COUNT(v) BITS(v, 1, 13)
#define FMC_SDSR           (FMC_BASE + 0x158)

/* ---- LTDC, chapter 33: layer registers 0x80 apart ---------------------------------------------- */
#define LTDC_BASE           0x50001000u
#define LTDC_SSCR           (LTDC_BASE + 0x008)
#define LTDC_BPCR           (LTDC_BASE + 0x00c)
#define LTDC_AWCR           (LTDC_BASE + 0x010)
#define LTDC_TWCR           (LTDC_BASE + 0x014)
#define LTDC_GCR            (LTDC_BASE + 0x018)
#define LTDC_GCR_LTDCEN     BIT(0)
#define LTDC_SRCR           (LTDC_BASE + 0x024)
#define LTDC_SRCR_IMR       BIT(0)
#define LTDC_SRCR_VBR       BIT(1)
#define LTDC_BCCR           (LTDC_BASE + 0x02c)
#define LTDC_IER            (LTDC_BASE + 0x034)
#define LTDC_IER_FUIE       BIT(1)
#define LTDC_IER_TERRIE     BIT(2)
#define LTDC_IER_RRIE       BIT(3)
#define LTDC_ISR            (LTDC_BASE + 0x038)
#define LTDC_ISR_FUIF       BIT(1)
#define LTDC_ISR_TERRIF     BIT(2)
#define LTDC_ISR_RRIF       BIT(3)
#define LTDC_ICR            (LTDC_BASE + 0x03c)
#define LTDC_LCR(layer)     (LTDC_BASE + 0x004u + 0x80u * (layer))
#define LTDC_LWHPCR(layer)  (LTDC_BASE + 0x008u + 0x80u * (layer))
#define LTDC_LWVPCR(layer)  (LTDC_BASE + 0x00cu + 0x80u * (layer))
#define LTDC_LPFCR(layer)   (LTDC_BASE + 0x014u + 0x80u * (layer))
#define LTDC_LCACR(layer)   (LTDC_BASE + 0x018u + 0x80u * (layer))
#define LTDC_LDCCR(layer)   (LTDC_BASE + 0x01cu + 0x80u * (layer))
#define LTDC_LBFCR(layer)   (LTDC_BASE + 0x020u + 0x80u * (layer))
#define LTDC_LCFBAR(layer)  (LTDC_BASE + 0x02cu + 0x80u * (layer))
#define LTDC_LCFBLR(layer)  (LTDC_BASE + 0x030u + 0x80u * (layer))
#define LTDC_LCFBLNR(layer) (LTDC_BASE + 0x034u + 0x80u * (layer))
#define LTDC_L1CR_LEN       BIT(0)

/* ---- DSI host, chapter 34 ------------------------------------------------------------------------ */
#define DSI_BASE                0x50000000u
#define DSI_CR                  (DSI_BASE + 0x004)
#define DSI_CR_EN               BIT(0)
#define DSI_CCR                 (DSI_BASE + 0x008)
#define DSI_CCR_TXECKDIV(v)     BITS(v, 0, 8)
#define DSI_LVCIDR              (DSI_BASE + 0x00c)
#define DSI_LCOLCR              (DSI_BASE + 0x010)
#define DSI_LCOLCR_COLC(v)      BITS(v, 0, 4)
#define DSI_LPCR                (DSI_BASE + 0x014)
#define DSI_LPMCR               (DSI_BASE + 0x018)
#define DSI_LPMCR_VLPSIZE(v)    BITS(v, 0, 8)
#define DSI_LPMCR_LPSIZE(v)     BITS(v, 16, 8)
#define DSI_PCR                 (DSI_BASE + 0x02c)
#define DSI_MCR                 (DSI_BASE + 0x034)
#define DSI_MCR_CMDM            BIT(0)
#define DSI_VMCR                (DSI_BASE + 0x038)
#define DSI_VMCR_VMT(v)         BITS(v, 0, 2)
#define DSI_VMCR_LPVSAE         BIT(8)
#define DSI_VMCR_LPVBPE         BIT(9)
#define DSI_VMCR_LPVFPE         BIT(10)
#define DSI_VMCR_LPVAE          BIT(11)
#define DSI_VMCR_LPHBPE         BIT(12)
#define DSI_VMCR_LPHFPE         BIT(13)
#define DSI_VMCR_LPCE           BIT(15)
#define DSI_VPCR                (DSI_BASE + 0x03c)
#define DSI_VCCR                (DSI_BASE + 0x040)
#define DSI_VNPCR               (DSI_BASE + 0x044)
#define DSI_VHSACR              (DSI_BASE + 0x048)
#define DSI_VHBPCR              (DSI_BASE + 0x04c)
#define DSI_VLCR                (DSI_BASE + 0x050)
#define DSI_VVSACR              (DSI_BASE + 0x054)
#define DSI_VVBPCR              (DSI_BASE + 0x058)
#define DSI_VVFPCR              (DSI_BASE + 0x05c)
#define DSI_VVACR               (DSI_BASE + 0x060)
#define DSI_CMCR                (DSI_BASE + 0x068)
#define DSI_GHCR                (DSI_BASE + 0x06c)
#define DSI_GHCR_DT(v)          BITS(v, 0, 6)
#define DSI_GHCR_WCLSB(v)       BITS(v, 8, 8)
#define DSI_GHCR_WCMSB(v)       BITS(v, 16, 8)
#define DSI_GPDR                (DSI_BASE + 0x070)
#define DSI_GPSR                (DSI_BASE + 0x074)
#define DSI_GPSR_CMDFE          BIT(0)
#define DSI_GPSR_PWRFE          BIT(2)
#define DSI_GPSR_PRDFE          BIT(4)
#define DSI_GPSR_RCB            BIT(6)
#define DSI_CLCR                (DSI_BASE + 0x094)
#define DSI_CLCR_DPCC           BIT(0)
#define DSI_CLTCR               (DSI_BASE + 0x098)
#define DSI_CLTCR_LP2HS_TIME(v) BITS(v, 0, 10)
#define DSI_CLTCR_HS2LP_TIME(v) BITS(v, 16, 10)
#define DSI_DLTCR               (DSI_BASE + 0x09c)
#define DSI_DLTCR_MRD_TIME(v)   BITS(v, 0, 15)
#define DSI_DLTCR_LP2HS_TIME(v) BITS(v, 16, 8)
#define DSI_DLTCR_HS2LP_TIME(v) BITS(v, 24, 8)
#define DSI_PCTLR               (DSI_BASE + 0x0a0)
#define DSI_PCTLR_DEN           BIT(1)
#define DSI_PCTLR_CKE           BIT(2)
#define DSI_PCONFR              (DSI_BASE + 0x0a4)
#define DSI_PCONFR_NL(v)        BITS(v, 0, 2)
#define DSI_PCONFR_SW_TIME(v)   BITS(v, 8, 8)
#define DSI_WCFGR               (DSI_BASE + 0x400)
#define DSI_WCFGR_DSIM          BIT(0)
#define DSI_WCFGR_COLMUX(v)     BITS(v, 1, 3)
#define DSI_WCR                 (DSI_BASE + 0x404)
#define DSI_WCR_LTDCEN          BIT(2)
#define DSI_WCR_DSIEN           BIT(3)
#define DSI_WISR                (DSI_BASE + 0x40c)
#define DSI_WISR_PLLLS          BIT(8)
#define DSI_WISR_RRS            BIT(12)
#define DSI_WPCR0               (DSI_BASE + 0x418)
#define DSI_WPCR0_UIX4(v)       BITS(v, 0, 6)
#define DSI_WRPCR               (DSI_BASE + 0x430)
#define DSI_WRPCR_PLLEN         BIT(0)
#define DSI_WRPCR_NDIV(v)       BITS(v, 2, 7)
#define DSI_WRPCR_IDF(v)        BITS(v, 11, 4)
#define DSI_WRPCR_ODF(v)        BITS(v, 16, 2)
#define DSI_WRPCR_REGEN         BIT(24)

/* ---- Interrupt positions, chapter 20 (the same for both cores but where named) --------------------- */
enum irq {
    IRQ_EXTI0 = 6,
    IRQ_EXTI1 = 7,
    IRQ_EXTI9_5 = 23,
    IRQ_USART1 = 37,
    IRQ_DMA2_STREAM3 = 59,
    IRQ_SEV_OF_CM7 = 64, /* at the M4 */
    IRQ_SEV_OF_CM4 = 65, /* at the M7 */
    IRQ_OTG_HS = 77,
    IRQ_DCMI = 78,
    IRQ_LTDC = 88,
    IRQ_LTDC_ERROR = 89,
    IRQ_DMA2D = 90,
    IRQ_OTG_FS = 101,
    IRQ_JPEG = 121,
    IRQ_MDMA = 122,
    IRQ_HSEM_CM7 = 125,
    IRQ_HSEM_CM4 = 126,
    IRQ_COUNT = 150,
};

#endif
