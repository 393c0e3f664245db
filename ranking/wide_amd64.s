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

// func addDenseAVX2(sums *uint16, lists []denseList, offset int)
// A list has 16 bytes that levels add, then the address of its nibbles. 128 sums are
// made at a time, those of all lists together.
TEXT ·addDenseAVX2(SB), NOSPLIT, $0-40
	MOVQ sums+0(FP), DI
	MOVQ lists_base+8(FP), SI
	MOVQ lists_len+16(FP), R10
	MOVQ offset+32(FP), DX
	MOVQ $64, CX                  // Times 128 sums.
	MOVQ $0x0f0f0f0f0f0f0f0f, AX
	VMOVQ AX, X15
	VPBROADCASTQ X15, Y15
	TESTQ R10, R10
	JZ none

group:
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	MOVQ SI, R8
	MOVQ R10, R9

list:
	MOVQ 16(R8), BX
	VBROADCASTI128 (R8), Y4
	VMOVDQU (BX)(DX*1), Y5
	VMOVDQU 32(BX)(DX*1), Y6
	PREFETCHT0 512(BX)(DX*1)
	VPAND Y15, Y5, Y7
	VPSRLW $4, Y5, Y5
	VPAND Y15, Y5, Y5
	VPSHUFB Y7, Y4, Y7
	VPSHUFB Y5, Y4, Y5
	VPADDB Y7, Y0, Y0
	VPADDB Y5, Y1, Y1
	VPAND Y15, Y6, Y7
	VPSRLW $4, Y6, Y6
	VPAND Y15, Y6, Y6
	VPSHUFB Y7, Y4, Y7
	VPSHUFB Y6, Y4, Y6
	VPADDB Y7, Y2, Y2
	VPADDB Y6, Y3, Y3
	ADDQ $24, R8
	DECQ R9
	JNZ list

	FLUSH(Y0, X0, 0)
	FLUSH(Y1, X1, 64)
	FLUSH(Y2, X2, 128)
	FLUSH(Y3, X3, 192)
	ADDQ $256, DI
	ADDQ $64, DX
	DECQ CX
	JNZ group

none:
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
