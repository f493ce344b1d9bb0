#include "textflag.h"

// Sets the register to as many copies of a byte as it holds.
#define FILL(byte, x, y) \
	MOVL $byte, AX \
	VMOVD AX, x \
	VPBROADCASTB x, y

// Gathers into AX which bytes of two registers are ones.
#define BITS(low, high) \
	VPMOVMSKB low, AX \
	VPMOVMSKB high, BX \
	SHLQ $32, BX \
	ORQ BX, AX

// func masksAVX2(text *byte, into *mask, n int)
TEXT ·masksAVX2(SB), NOSPLIT, $0-24
	MOVQ text+0(FP), SI
	MOVQ into+8(FP), DI
	MOVQ n+16(FP), CX
	FILL(0x22, X0, Y0) // the quote
	FILL(0x5c, X1, Y1) // the backslash
	FILL(0x26, X2, Y2) // with these bits set, a bracket
	FILL(0x7f, X3, Y3) // is this
	FILL(0x74, X10, Y10) // the t
	FILL(0x1d, X11, Y11) // with these bits set, S or N
	FILL(0x5f, X12, Y12) // is this
	VPCMPEQB X8, X8, X8

window:
	VMOVDQU (SI), Y4
	VMOVDQU 32(SI), Y5

	// Multiplied without carries by all ones, a bit is the parity of those up to it.
	VPCMPEQB Y0, Y4, Y6
	VPCMPEQB Y0, Y5, Y7
	BITS(Y6, Y7)
	VMOVQ AX, X9
	VPCLMULQDQ $0, X8, X9, X9
	VMOVQ X9, (DI)

	VPOR Y2, Y4, Y6
	VPOR Y2, Y5, Y7
	VPCMPEQB Y3, Y6, Y6
	VPCMPEQB Y3, Y7, Y7
	BITS(Y6, Y7)
	MOVQ AX, 8(DI)
	MOVQ AX, DX

	VPCMPEQB Y1, Y4, Y6
	VPCMPEQB Y1, Y5, Y7
	BITS(Y6, Y7)
	MOVQ AX, 16(DI)

	VPOR Y11, Y4, Y6
	VPOR Y11, Y5, Y7
	VPCMPEQB Y12, Y6, Y6
	VPCMPEQB Y12, Y7, Y7
	BITS(Y6, Y7)
	NOTQ DX
	ANDQ AX, DX
	VPCMPEQB Y10, Y4, Y6
	VPCMPEQB Y10, Y5, Y7
	BITS(Y6, Y7)
	SHLQ $1, AX
	ORQ $1, AX
	ANDQ DX, AX
	MOVQ AX, 24(DI)

	ADDQ $64, SI
	ADDQ $32, DI
	DECQ CX
	JNZ window
	VZEROUPPER
	RET
