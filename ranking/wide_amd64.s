#include "textflag.h"

// func markAVX2(sums *uint16, out []uint32, less uint32)
TEXT ·markAVX2(SB), NOSPLIT, $0-36
	MOVQ sums+0(FP), SI
	MOVQ out_base+8(FP), DI
	MOVQ out_len+16(FP), CX
	MOVL less+32(FP), AX
	VMOVD AX, X0
	VPBROADCASTW X0, Y0
	TESTQ CX, CX
	JZ done

loop:
	VMOVDQU (SI), Y1
	VMOVDQU 32(SI), Y2
	VPCMPGTW Y0, Y1, Y1
	VPCMPGTW Y0, Y2, Y2
	VPACKSSWB Y2, Y1, Y1
	VPERMQ $0xD8, Y1, Y1
	VPMOVMSKB Y1, AX
	MOVL AX, (DI)
	ADDQ $64, SI
	ADDQ $4, DI
	DECQ CX
	JNZ loop

done:
	VZEROUPPER
	RET

// FLUSH adds eight times each of the 32 bytes of Y to 32 sums; X is its lower half.
#define FLUSH(Y, X, at) \
	VPMOVZXBW X, Y8; \
	VEXTRACTI128 $1, Y, X9; \
	VPMOVZXBW X9, Y9; \
	VPSLLW $3, Y8, Y8; \
	VPSLLW $3, Y9, Y9; \
	VPADDW at(DI), Y8, Y8; \
	VPADDW at+32(DI), Y9, Y9; \
	VMOVDQU Y8, at(DI); \
	VMOVDQU Y9, at+32(DI)

// LOOK adds what a table says of 32 bytes of nibbles, Y, to the sums of the places of
// their lower and of their higher halves. The highest bit of a nibble is 0, so that
// nothing has to be masked out.
#define LOOK(Y, low, high) \
	VPSHUFB Y, Y8, Y13; \
	VPSRLW $4, Y, Y; \
	VPADDB Y13, low, low; \
	VPSHUFB Y, Y8, Y; \
	VPADDB Y, high, high

// func addDenseAVX2(sums *uint16, lists []denseList, offset int)
// A list has 16 bytes that levels add, then the address of its nibbles. 256 sums are
// made at a time, those of all lists together.
TEXT ·addDenseAVX2(SB), NOSPLIT, $0-40
	MOVQ sums+0(FP), DI
	MOVQ lists_base+8(FP), SI
	MOVQ lists_len+16(FP), R10
	MOVQ offset+32(FP), DX
	MOVQ $32, CX                  // Times 256 sums.
	TESTQ R10, R10
	JZ none

group:
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	MOVQ SI, R8
	MOVQ R10, R9

list:
	MOVQ 16(R8), BX
	VBROADCASTI128 (R8), Y8
	VMOVDQU (BX)(DX*1), Y9
	VMOVDQU 32(BX)(DX*1), Y10
	VMOVDQU 64(BX)(DX*1), Y11
	VMOVDQU 96(BX)(DX*1), Y12
	PREFETCHT0 512(BX)(DX*1)
	PREFETCHT0 576(BX)(DX*1)
	LOOK(Y9, Y0, Y1)
	LOOK(Y10, Y2, Y3)
	LOOK(Y11, Y4, Y5)
	LOOK(Y12, Y6, Y7)
	ADDQ $24, R8
	DECQ R9
	JNZ list

	FLUSH(Y0, X0, 0)
	FLUSH(Y1, X1, 64)
	FLUSH(Y2, X2, 128)
	FLUSH(Y3, X3, 192)
	FLUSH(Y4, X4, 256)
	FLUSH(Y5, X5, 320)
	FLUSH(Y6, X6, 384)
	FLUSH(Y7, X7, 448)
	ADDQ $512, DI
	ADDQ $128, DX
	DECQ CX
	JNZ group

none:
	VZEROUPPER
	RET

// func hitsAVX2(sums *uint16, less []uint16, out *hit) int
// 64 sums are looked at together; almost always none is great enough. A span is four
// times so many.
TEXT ·hitsAVX2(SB), NOSPLIT, $0-48
	MOVQ sums+0(FP), SI
	MOVQ less_base+8(FP), R10
	MOVQ less_len+16(FP), R11
	MOVQ out+32(FP), DI
	MOVQ DI, R9
	XORQ R8, R8                   // The place.
	VPXOR Y7, Y7, Y7
	TESTQ R11, R11
	JZ looked

span:
	VPBROADCASTW (R10), Y0
	ADDQ $2, R10
	MOVQ $4, CX

look:
	VMOVDQU (SI), Y1
	VMOVDQU 32(SI), Y2
	VMOVDQU 64(SI), Y3
	VMOVDQU 96(SI), Y4
	VPCMPGTW Y0, Y1, Y1
	VPCMPGTW Y0, Y2, Y2
	VPCMPGTW Y0, Y3, Y3
	VPCMPGTW Y0, Y4, Y4
	VPOR Y1, Y2, Y5
	VPOR Y3, Y4, Y6
	VPOR Y5, Y6, Y5
	VPTEST Y5, Y5
	JZ further
	VPACKSSWB Y2, Y1, Y1
	VPACKSSWB Y4, Y3, Y3
	VPERMQ $0xD8, Y1, Y1
	VPERMQ $0xD8, Y3, Y3
	VPMOVMSKB Y1, AX
	VPMOVMSKB Y3, BX
	SHLQ $32, BX
	ORQ BX, AX

hit:
	BSFQ AX, BX
	MOVWLZX (SI)(BX*2), DX
	ADDQ R8, BX
	SHLQ $16, DX
	ORQ BX, DX
	MOVL DX, (DI)
	ADDQ $4, DI
	LEAQ -1(AX), BX
	ANDQ BX, AX
	JNZ hit

further:
	VMOVDQU Y7, (SI)
	VMOVDQU Y7, 32(SI)
	VMOVDQU Y7, 64(SI)
	VMOVDQU Y7, 96(SI)
	ADDQ $128, SI
	ADDQ $64, R8
	DECQ CX
	JNZ look
	DECQ R11
	JNZ span

looked:
	SUBQ R9, DI
	SHRQ $2, DI
	MOVQ DI, ret+40(FP)
	VZEROUPPER
	RET

// func fetchAMD64(lists []walked, block int)
// It asks for the postings of a block, and waits for none.
TEXT ·fetchAMD64(SB), NOSPLIT, $0-32
	MOVQ lists_base+0(FP), R8
	MOVQ lists_len+8(FP), R9
	MOVQ block+24(FP), R10
	TESTQ R9, R9
	JZ fetched

one:
	MOVQ (R8), AX
	MOVQ 24(R8), SI
	MOVL 4(AX)(R10*4), CX
	MOVL (AX)(R10*4), AX
	LEAQ (SI)(CX*2), CX
	LEAQ (SI)(AX*2), AX
	ANDQ $~63, AX

line:
	PREFETCHT0 (AX)
	ADDQ $64, AX
	CMPQ AX, CX
	JLT line
	ADDQ $64, R8
	DECQ R9
	JNZ one

fetched:
	RET

// func fetchDenseAMD64(lists []denseList, offset int)
// It asks for the beginnings of the nibbles of a block.
TEXT ·fetchDenseAMD64(SB), NOSPLIT, $0-32
	MOVQ lists_base+0(FP), R8
	MOVQ lists_len+8(FP), R9
	MOVQ offset+24(FP), DX
	TESTQ R9, R9
	JZ begun

begin:
	MOVQ 16(R8), AX
	ADDQ DX, AX
	PREFETCHT0 (AX)
	PREFETCHT0 64(AX)
	PREFETCHT0 128(AX)
	PREFETCHT0 192(AX)
	PREFETCHT0 256(AX)
	PREFETCHT0 320(AX)
	PREFETCHT0 384(AX)
	PREFETCHT0 448(AX)
	ADDQ $24, R8
	DECQ R9
	JNZ begin

begun:
	RET

// ADD adds what the level of a posting says to the sum of its place.
#define ADD(at) \
	MOVWLZX at(SI), AX; \
	MOVL AX, BX; \
	ANDL $7, BX; \
	SHRL $3, AX; \
	MOVWLZX 48(R8)(BX*2), BX; \
	ADDW BX, (DI)(AX*2)

// func walkAMD64(sums *uint16, lists []walked, block int)
TEXT ·walkAMD64(SB), NOSPLIT, $0-40
	MOVQ sums+0(FP), DI
	MOVQ lists_base+8(FP), R8
	MOVQ lists_len+16(FP), R9
	MOVQ block+32(FP), R10
	TESTQ R9, R9
	JZ walked

next:
	MOVQ (R8), AX
	MOVQ 24(R8), SI
	MOVL 4(AX)(R10*4), CX
	MOVL (AX)(R10*4), AX
	SUBL AX, CX
	LEAQ (SI)(AX*2), SI
	SUBL $4, CX
	JLT few

four:
	ADD(0)
	ADD(2)
	ADD(4)
	ADD(6)
	ADDQ $8, SI
	SUBL $4, CX
	JGE four

few:
	ADDL $4, CX
	JZ empty

single:
	ADD(0)
	ADDQ $2, SI
	DECL CX
	JNZ single

empty:
	ADDQ $64, R8
	DECQ R9
	JNZ next

walked:
	RET
