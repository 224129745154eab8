/* FatFs R0.15 as this firmware wants it: one drive with sectors of 512 to 4096 bytes, FAT12 to FAT32
 * and exFAT, long names in UTF-8, all of it called by one thread. */
#define FFCONF_DEF 80286

#define FF_FS_READONLY  0
#define FF_FS_MINIMIZE  0
#define FF_USE_FIND     0
#define FF_USE_MKFS     0
#define FF_USE_FASTSEEK 0
#define FF_USE_EXPAND   0
#define FF_USE_CHMOD    0
#define FF_USE_LABEL    1
#define FF_USE_FORWARD  0
#define FF_USE_STRFUNC  0
#define FF_PRINT_LLI    0
#define FF_PRINT_FLOAT  0
#define FF_STRF_ENCODE  3

#define FF_CODE_PAGE   437
#define FF_USE_LFN     1 /* one static buffer: one thread */
#define FF_MAX_LFN     255
#define FF_LFN_UNICODE 2 /* UTF-8 */
#define FF_LFN_BUF     255
#define FF_SFN_BUF     34
#define FF_FS_RPATH    0

#define FF_VOLUMES         1
#define FF_STR_VOLUME_ID   0
#define FF_VOLUME_STRS     "STICK"
#define FF_MULTI_PARTITION 0
#define FF_MIN_SS          512
#define FF_MAX_SS          4096
#define FF_LBA64           0
#define FF_MIN_GPT         0x10000000
#define FF_USE_TRIM        0

#define FF_FS_TINY      0
#define FF_FS_EXFAT     1
#define FF_FS_NORTC     1 /* no clock that knows the date */
#define FF_NORTC_MON    1
#define FF_NORTC_MDAY   1
#define FF_NORTC_YEAR   2025
#define FF_FS_NOFSINFO  0
#define FF_FS_LOCK      8 /* so many files and folders are open at a time; none of them is removed */
#define FF_FS_REENTRANT 0
#define FF_FS_TIMEOUT   1000
