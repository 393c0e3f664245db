#include "textflag.h"

// func addSpansAVX2(sums []uint16, spans *uint8, factor uint16)
// 32 at a time.
TEXT ·addSpansAVX2(SB), NOSPLIT, $0-34
	MOVQ sums_base+0(FP), DI
	MOVQ sums_len+8(FP), CX
	MOVQ spans+24(FP), SI
	MOVWLZX factor+32(FP), AX
	VMOVD AX, X0
	VPBROADCASTW X0, Y0
	SHRQ $5, CX
	JZ added

add:
	VPMOVZXBW (SI), Y1
	VPMOVZXBW 16(SI), Y2
	VPMULLW Y0, Y1, Y1
	VPMULLW Y0, Y2, Y2
	VPADDW (DI), Y1, Y1
	VPADDW 32(DI), Y2, Y2
	VMOVDQU Y1, (DI)
	VMOVDQU Y2, 32(DI)
	ADDQ $32, SI
	ADDQ $64, DI
	DECQ CX
	JNZ add

added:
	VZEROUPPER
	RET

// func greatestAVX2(sums []uint16) uint16
TEXT ·greatestAVX2(SB), NOSPLIT, $0-26
	MOVQ sums_base+0(FP), DI
	MOVQ sums_len+8(FP), CX
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	SHRQ $5, CX
	JZ compared

compare:
	VPMAXUW (DI), Y1, Y1
	VPMAXUW 32(DI), Y2, Y2
	ADDQ $64, DI
	DECQ CX
	JNZ compare

compared:
	VPMAXUW Y2, Y1, Y1
	VEXTRACTI128 $1, Y1, X2
	VPMAXUW X2, X1, X1
	VPSHUFD $0x4E, X1, X2
	VPMAXUW X2, X1, X1
	VPSHUFD $0xB1, X1, X2
	VPMAXUW X2, X1, X1
	VMOVD X1, AX
	MOVL AX, BX
	SHRL $16, BX
	MOVWLZX AX, AX
	CMPL AX, BX
	CMOVLCS BX, AX
	MOVW AX, ret+24(FP)
	VZEROUPPER
	RET

// func findSpansAVX2(found []uint32, sums []uint16, least, below uint16) int
// Sums, least and below have no highest bit, so that they may be compared as signed numbers.
TEXT ·findSpansAVX2(SB), NOSPLIT, $0-64
	MOVQ found_base+0(FP), DI
	MOVQ sums_base+24(FP), SI
	MOVQ sums_len+32(FP), CX
	MOVWLZX least+48(FP), AX
	DECL AX
	VMOVD AX, X0
	VPBROADCASTW X0, Y0
	MOVWLZX below+50(FP), AX
	VMOVD AX, X5
	VPBROADCASTW X5, Y5
	MOVQ DI, R8
	XORL DX, DX
	SHRQ $5, CX
	JZ found

find:
	VMOVDQU (SI), Y1
	VMOVDQU 32(SI), Y2
	VPCMPGTW Y0, Y1, Y3 // Above least - 1.
	VPCMPGTW Y0, Y2, Y4
	VPCMPGTW Y1, Y5, Y1 // Below.
	VPCMPGTW Y2, Y5, Y2
	VPAND Y3, Y1, Y1
	VPAND Y4, Y2, Y2
	VPACKSSWB Y2, Y1, Y1
	VPERMQ $0xD8, Y1, Y1
	VPMOVMSKB Y1, AX
	TESTL AX, AX
	JNZ some

next:
	ADDQ $64, SI
	ADDL $32, DX
	DECQ CX
	JNZ find

found:
	SUBQ R8, DI
	SHRQ $2, DI
	MOVQ DI, ret+56(FP)
	VZEROUPPER
	RET

some:
	BSFL AX, BX
	ADDL DX, BX
	MOVL BX, (DI)
	ADDQ $4, DI
	LEAL -1(AX), BX
	ANDL BX, AX
	JNZ some
	JMP next

// func allowSpansAVX2(sums []uint16, allowed *uint64)
// A span has a byte of the set; 32 at a time.
TEXT ·allowSpansAVX2(SB), NOSPLIT, $0-32
	MOVQ sums_base+0(FP), DI
	MOVQ sums_len+8(FP), CX
	MOVQ allowed+24(FP), SI
	VPXOR Y0, Y0, Y0
	SHRQ $5, CX
	JZ allowed

allow:
	VPCMPEQB (SI), Y0, Y1
	VEXTRACTI128 $1, Y1, X2
	VPMOVSXBW X1, Y1
	VPMOVSXBW X2, Y2
	VPANDN (DI), Y1, Y1
	VPANDN 32(DI), Y2, Y2
	VMOVDQU Y1, (DI)
	VMOVDQU Y2, 32(DI)
	ADDQ $32, SI
	ADDQ $64, DI
	DECQ CX
	JNZ allow

allowed:
	VZEROUPPER
	RET
