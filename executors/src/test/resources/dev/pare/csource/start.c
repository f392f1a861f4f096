/* What a Cortex-M of QEMU's mps2 boards runs before main, and how it prints: by semihosting. */
#include <stddef.h>
#include <stdint.h>

extern uint32_t data_from[], data_start[], data_end[], bss_start[], bss_end[], stack_end[];

int main(void);
void reset(void);
void print(const char *text);
uint32_t instructions(void);
void *memcpy(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    (void *)stack_end, (void *)(uintptr_t)reset};

static uint32_t semihosting(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void print(const char *text) {
  semihosting(0x04, text);
}

/* Instructions until now, with -icount shift=0: SysTick counts down once in 40 of them. */
uint32_t instructions(void) {
  return (0xffffffu - *(volatile uint32_t *)0xe000e018u) * 40u;
}

void reset(void) {
  uint32_t *to;
  const uint32_t *from = data_from;
#ifdef __ARM_FP
  *(volatile uint32_t *)0xe000ed88u |= 0xfu << 20;
  __asm__ volatile("dsb\nisb");
#endif
  for (to = data_start; to < data_end; to++) {
    *to = *from++;
  }
  for (to = bss_start; to < bss_end; to++) {
    *to = 0;
  }
  *(volatile uint32_t *)0xe000e014u = 0xffffffu;
  *(volatile uint32_t *)0xe000e018u = 0;
  *(volatile uint32_t *)0xe000e010u = 5;
  while (*(volatile uint32_t *)0xe000e018u == 0) {
    /* It has not begun. */
  }
  main();
  semihosting(0x18, (const void *)0x20026);
  for (;;) {
  }
}

void *memcpy(void *to, const void *from, size_t count) {
  uint8_t *t = to;
  const uint8_t *f = from;
  while (count-- > 0) {
    *t++ = *f++;
  }
  return to;
}

void *memset(void *to, int value, size_t count) {
  uint8_t *t = to;
  while (count-- > 0) {
    *t++ = (uint8_t)value;
  }
  return to;
}
