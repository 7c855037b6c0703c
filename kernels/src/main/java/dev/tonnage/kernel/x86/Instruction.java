package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.Form.KVM;
import static dev.tonnage.kernel.x86.Instruction.Form.KVMI;
import static dev.tonnage.kernel.x86.Instruction.Form.MR;
import static dev.tonnage.kernel.x86.Instruction.Form.MRI;
import static dev.tonnage.kernel.x86.Instruction.Form.RM;
import static dev.tonnage.kernel.x86.Instruction.Form.RMI;
import static dev.tonnage.kernel.x86.Instruction.Form.RVM;
import static dev.tonnage.kernel.x86.Instruction.Form.RVMI;
import static dev.tonnage.kernel.x86.Instruction.Form.VMI;
import static dev.tonnage.kernel.x86.Instruction.OpcodeMap.M_0F;
import static dev.tonnage.kernel.x86.Instruction.OpcodeMap.M_0F38;
import static dev.tonnage.kernel.x86.Instruction.OpcodeMap.M_0F3A;
import static dev.tonnage.kernel.x86.Instruction.Prefix.F3;
import static dev.tonnage.kernel.x86.Instruction.Prefix.NONE;
import static dev.tonnage.kernel.x86.Instruction.Prefix.P66;
import static dev.tonnage.kernel.x86.Instruction.Read.EIGHTH_MEM;
import static dev.tonnage.kernel.x86.Instruction.Read.FOUR_32;
import static dev.tonnage.kernel.x86.Instruction.Read.FOUR_64;
import static dev.tonnage.kernel.x86.Instruction.Read.FULL;
import static dev.tonnage.kernel.x86.Instruction.Read.FULL_MEM;
import static dev.tonnage.kernel.x86.Instruction.Read.HALF_MEM;
import static dev.tonnage.kernel.x86.Instruction.Read.ONE_16;
import static dev.tonnage.kernel.x86.Instruction.Read.ONE_32;
import static dev.tonnage.kernel.x86.Instruction.Read.ONE_64;
import static dev.tonnage.kernel.x86.Instruction.Read.ONE_8;
import static dev.tonnage.kernel.x86.Instruction.Read.QUARTER_MEM;
import static dev.tonnage.kernel.x86.Instruction.Vex.NEVER;
import static dev.tonnage.kernel.x86.Instruction.Vex.ONLY;
import static dev.tonnage.kernel.x86.Instruction.Vex.ON_REQUEST;
import static dev.tonnage.kernel.x86.Instruction.Vex.SAME;
import static dev.tonnage.kernel.x86.Instruction.Wide.W0;
import static dev.tonnage.kernel.x86.Instruction.Wide.W1;
import static dev.tonnage.kernel.x86.Instruction.Wide.W1_EVEX;

/**
 * The vector instructions that kernels are made of, as the processor's manual lists them (Intel 64
 * and IA-32 Architectures Software Developer's Manual, volume 2).
 */
enum Instruction {
  VMOVUPS("vmovups", "vmovups", NONE, M_0F, 0x10, W0, FULL_MEM, RM, SAME, 0),
  VMOVUPS_STORE("vmovups", "vmovups", NONE, M_0F, 0x11, W0, FULL_MEM, MR, SAME, 0),
  VMOVSS_LOAD("vmovss", "vmovss", F3, M_0F, 0x10, W0, ONE_32, RM, SAME, 0),
  VMOVSS_STORE("vmovss", "vmovss", F3, M_0F, 0x11, W0, ONE_32, MR, SAME, 0),
  VBROADCASTSS("vbroadcastss", "vbroadcastss", P66, M_0F38, 0x18, W0, ONE_32, RM, SAME, 0),
  VPBROADCASTB("vpbroadcastb", "vpbroadcastb", P66, M_0F38, 0x78, W0, ONE_8, RM, SAME, 0),
  VPBROADCASTW("vpbroadcastw", "vpbroadcastw", P66, M_0F38, 0x79, W0, ONE_16, RM, SAME, 0),
  VPBROADCASTD("vpbroadcastd", "vpbroadcastd", P66, M_0F38, 0x58, W0, ONE_32, RM, SAME, 0),
  VPBROADCASTQ("vpbroadcastq", "vpbroadcastq", P66, M_0F38, 0x59, W1_EVEX, ONE_64, RM, SAME, 0),
  VBROADCASTI128("vbroadcasti128", "vbroadcasti32x4", P66, M_0F38, 0x5a, W0, FOUR_32, RM, SAME, 0),
  VBROADCASTI64X4(
      "vbroadcasti64x4", "vbroadcasti64x4", P66, M_0F38, 0x5b, W1, FOUR_64, RM, NEVER, 0),
  VPMOVSXBW("vpmovsxbw", "vpmovsxbw", P66, M_0F38, 0x20, W0, HALF_MEM, RM, SAME, 0),
  VPMOVSXBD("vpmovsxbd", "vpmovsxbd", P66, M_0F38, 0x21, W0, QUARTER_MEM, RM, SAME, 0),
  VPMOVSXWD("vpmovsxwd", "vpmovsxwd", P66, M_0F38, 0x23, W0, HALF_MEM, RM, SAME, 0),
  VPMOVZXBW("vpmovzxbw", "vpmovzxbw", P66, M_0F38, 0x30, W0, HALF_MEM, RM, SAME, 0),
  VPMOVZXBD("vpmovzxbd", "vpmovzxbd", P66, M_0F38, 0x31, W0, QUARTER_MEM, RM, SAME, 0),
  VPMOVZXWD("vpmovzxwd", "vpmovzxwd", P66, M_0F38, 0x33, W0, HALF_MEM, RM, SAME, 0),
  VPMOVZXDQ("vpmovzxdq", "vpmovzxdq", P66, M_0F38, 0x35, W0, HALF_MEM, RM, SAME, 0),
  VPMOVDB("vpmovdb", "vpmovdb", F3, M_0F38, 0x31, W0, QUARTER_MEM, MR, NEVER, 0),
  VPMOVQD("vpmovqd", "vpmovqd", F3, M_0F38, 0x35, W0, HALF_MEM, MR, NEVER, 0),
  VPMOVDW("vpmovdw", "vpmovdw", F3, M_0F38, 0x33, W0, HALF_MEM, MR, NEVER, 0),
  VCVTDQ2PS("vcvtdq2ps", "vcvtdq2ps", NONE, M_0F, 0x5b, W0, FULL, RM, SAME, 0),
  VCVTPS2DQ("vcvtps2dq", "vcvtps2dq", P66, M_0F, 0x5b, W0, FULL, RM, SAME, 0),
  VCVTPH2PS("vcvtph2ps", "vcvtph2ps", P66, M_0F38, 0x13, W0, HALF_MEM, RM, SAME, 0),
  VCVTPS2PH("vcvtps2ph", "vcvtps2ph", P66, M_0F3A, 0x1d, W0, HALF_MEM, MRI, SAME, 0),
  VSQRTPS("vsqrtps", "vsqrtps", NONE, M_0F, 0x51, W0, FULL, RM, SAME, 0),
  VROUNDPS("vroundps", "vrndscaleps", P66, M_0F3A, 0x08, W0, FULL, RMI, SAME, 0),
  VADDPS("vaddps", "vaddps", NONE, M_0F, 0x58, W0, FULL, RVM, SAME, 0),
  VMULPS("vmulps", "vmulps", NONE, M_0F, 0x59, W0, FULL, RVM, SAME, 0),
  VSUBPS("vsubps", "vsubps", NONE, M_0F, 0x5c, W0, FULL, RVM, SAME, 0),
  VMINPS("vminps", "vminps", NONE, M_0F, 0x5d, W0, FULL, RVM, SAME, 0),
  VDIVPS("vdivps", "vdivps", NONE, M_0F, 0x5e, W0, FULL, RVM, SAME, 0),
  VMAXPS("vmaxps", "vmaxps", NONE, M_0F, 0x5f, W0, FULL, RVM, SAME, 0),
  VADDSS("vaddss", "vaddss", F3, M_0F, 0x58, W0, ONE_32, RVM, SAME, 0),
  VFMADD231PS("vfmadd231ps", "vfmadd231ps", P66, M_0F38, 0xb8, W0, FULL, RVM, SAME, 0),
  VFMADD213PS("vfmadd213ps", "vfmadd213ps", P66, M_0F38, 0xa8, W0, FULL, RVM, SAME, 0),
  VFNMADD231PS("vfnmadd231ps", "vfnmadd231ps", P66, M_0F38, 0xbc, W0, FULL, RVM, SAME, 0),
  VSCALEFPS("vscalefps", "vscalefps", P66, M_0F38, 0x2c, W0, FULL, RVM, NEVER, 0),
  VDPBF16PS("vdpbf16ps", "vdpbf16ps", F3, M_0F38, 0x52, W0, FULL, RVM, NEVER, 0),
  VPADDB("vpaddb", "vpaddb", P66, M_0F, 0xfc, W0, FULL_MEM, RVM, SAME, 0),
  VPSUBB("vpsubb", "vpsubb", P66, M_0F, 0xf8, W0, FULL_MEM, RVM, SAME, 0),
  VPADDW("vpaddw", "vpaddw", P66, M_0F, 0xfd, W0, FULL_MEM, RVM, SAME, 0),
  VPSUBW("vpsubw", "vpsubw", P66, M_0F, 0xf9, W0, FULL_MEM, RVM, SAME, 0),
  VPADDD("vpaddd", "vpaddd", P66, M_0F, 0xfe, W0, FULL, RVM, SAME, 0),
  VPSUBD("vpsubd", "vpsubd", P66, M_0F, 0xfa, W0, FULL, RVM, SAME, 0),
  VPAND("vpand", "vpandd", P66, M_0F, 0xdb, W0, FULL, RVM, SAME, 0),
  VPANDN("vpandn", "vpandnd", P66, M_0F, 0xdf, W0, FULL, RVM, SAME, 0),
  VPOR("vpor", "vpord", P66, M_0F, 0xeb, W0, FULL, RVM, SAME, 0),
  VPXOR("vpxor", "vpxord", P66, M_0F, 0xef, W0, FULL, RVM, SAME, 0),
  VPTERNLOGD("vpternlogd", "vpternlogd", P66, M_0F3A, 0x25, W0, FULL, RVMI, NEVER, 0),
  VPMAXUD("vpmaxud", "vpmaxud", P66, M_0F38, 0x3f, W0, FULL, RVM, SAME, 0),
  VPMAXSD("vpmaxsd", "vpmaxsd", P66, M_0F38, 0x3d, W0, FULL, RVM, SAME, 0),
  VPCMPEQB("vpcmpeqb", "vpcmpeqb", P66, M_0F, 0x74, W0, FULL_MEM, RVM, ONLY, 0),
  VPMULLD("vpmulld", "vpmulld", P66, M_0F38, 0x40, W0, FULL, RVM, SAME, 0),
  VPMULLW("vpmullw", "vpmullw", P66, M_0F, 0xd5, W0, FULL_MEM, RVM, SAME, 0),
  VPMADDWD("vpmaddwd", "vpmaddwd", P66, M_0F, 0xf5, W0, FULL_MEM, RVM, SAME, 0),
  VPMADDUBSW("vpmaddubsw", "vpmaddubsw", P66, M_0F38, 0x04, W0, FULL_MEM, RVM, SAME, 0),
  VPDPBUSD("vpdpbusd", "vpdpbusd", P66, M_0F38, 0x50, W0, FULL, RVM, ON_REQUEST, 0),
  VPDPWSSD("vpdpwssd", "vpdpwssd", P66, M_0F38, 0x52, W0, FULL, RVM, ON_REQUEST, 0),
  VPABSB("vpabsb", "vpabsb", P66, M_0F38, 0x1c, W0, FULL_MEM, RM, SAME, 0),
  VPSIGNB("vpsignb", "vpsignb", P66, M_0F38, 0x08, W0, FULL_MEM, RVM, ONLY, 0),
  VPACKSSDW("vpackssdw", "vpackssdw", P66, M_0F, 0x6b, W0, FULL, RVM, SAME, 0),
  VPACKUSWB("vpackuswb", "vpackuswb", P66, M_0F, 0x67, W0, FULL_MEM, RVM, SAME, 0),
  VPACKSSWB("vpacksswb", "vpacksswb", P66, M_0F, 0x63, W0, FULL_MEM, RVM, SAME, 0),
  VPSRLW("vpsrlw", "vpsrlw", P66, M_0F, 0x71, W0, FULL_MEM, VMI, SAME, 2),
  VPSLLW("vpsllw", "vpsllw", P66, M_0F, 0x71, W0, FULL_MEM, VMI, SAME, 6),
  VPSRLD("vpsrld", "vpsrld", P66, M_0F, 0x72, W0, FULL, VMI, SAME, 2),
  VPSRAD("vpsrad", "vpsrad", P66, M_0F, 0x72, W0, FULL, VMI, SAME, 4),
  VPSLLD("vpslld", "vpslld", P66, M_0F, 0x72, W0, FULL, VMI, SAME, 6),
  VPSRLQ("vpsrlq", "vpsrlq", P66, M_0F, 0x73, W1_EVEX, FULL, VMI, SAME, 2),
  VPSLLQ("vpsllq", "vpsllq", P66, M_0F, 0x73, W1_EVEX, FULL, VMI, SAME, 6),
  VPSRLVD("vpsrlvd", "vpsrlvd", P66, M_0F38, 0x45, W0, FULL, RVM, SAME, 0),
  VPSLLVD("vpsllvd", "vpsllvd", P66, M_0F38, 0x47, W0, FULL, RVM, SAME, 0),
  VPSRLVQ("vpsrlvq", "vpsrlvq", P66, M_0F38, 0x45, W1, FULL, RVM, SAME, 0),
  VPSRLVW("vpsrlvw", "vpsrlvw", P66, M_0F38, 0x10, W1, FULL_MEM, RVM, NEVER, 0),
  VPSLLVW("vpsllvw", "vpsllvw", P66, M_0F38, 0x12, W1, FULL_MEM, RVM, NEVER, 0),
  VPROLVD("vprolvd", "vprolvd", P66, M_0F38, 0x15, W0, FULL, RVM, NEVER, 0),
  VPSHUFB("vpshufb", "vpshufb", P66, M_0F38, 0x00, W0, FULL_MEM, RVM, SAME, 0),
  VPSHUFD("vpshufd", "vpshufd", P66, M_0F, 0x70, W0, FULL, RMI, SAME, 0),
  VPERMD("vpermd", "vpermd", P66, M_0F38, 0x36, W0, FULL, RVM, SAME, 0),
  VPERMPS("vpermps", "vpermps", P66, M_0F38, 0x16, W0, FULL, RVM, SAME, 0),
  VPERMW("vpermw", "vpermw", P66, M_0F38, 0x8d, W1, FULL_MEM, RVM, NEVER, 0),
  VPERMT2D("vpermt2d", "vpermt2d", P66, M_0F38, 0x7e, W0, FULL, RVM, NEVER, 0),
  VPINSRW("vpinsrw", "vpinsrw", P66, M_0F, 0xc4, W0, ONE_16, RVMI, SAME, 0),
  VPINSRB("vpinsrb", "vpinsrb", P66, M_0F3A, 0x20, W0, ONE_8, RVMI, SAME, 0),
  VPINSRD("vpinsrd", "vpinsrd", P66, M_0F3A, 0x22, W0, ONE_32, RVMI, SAME, 0),
  VPINSRQ("vpinsrq", "vpinsrq", P66, M_0F3A, 0x22, W1, ONE_64, RVMI, SAME, 0),
  VPEXTRD("vpextrd", "vpextrd", P66, M_0F3A, 0x16, W0, ONE_32, MRI, SAME, 0),
  VPERMI2D("vpermi2d", "vpermi2d", P66, M_0F38, 0x76, W0, FULL, RVM, NEVER, 0),
  VPERMI2W("vpermi2w", "vpermi2w", P66, M_0F38, 0x75, W1, FULL_MEM, RVM, NEVER, 0),
  VPERMQ("vpermq", "vpermq", P66, M_0F3A, 0x00, W1, FULL, RMI, SAME, 0),
  VPUNPCKLBW("vpunpcklbw", "vpunpcklbw", P66, M_0F, 0x60, W0, FULL_MEM, RVM, SAME, 0),
  VPUNPCKLWD("vpunpcklwd", "vpunpcklwd", P66, M_0F, 0x61, W0, FULL_MEM, RVM, SAME, 0),
  VPUNPCKLDQ("vpunpckldq", "vpunpckldq", P66, M_0F, 0x62, W0, FULL, RVM, SAME, 0),
  VPUNPCKHDQ("vpunpckhdq", "vpunpckhdq", P66, M_0F, 0x6a, W0, FULL, RVM, SAME, 0),
  VPUNPCKLQDQ("vpunpcklqdq", "vpunpcklqdq", P66, M_0F, 0x6c, W1_EVEX, FULL, RVM, SAME, 0),
  VPUNPCKHQDQ("vpunpckhqdq", "vpunpckhqdq", P66, M_0F, 0x6d, W1_EVEX, FULL, RVM, SAME, 0),
  VSHUFPS("vshufps", "vshufps", NONE, M_0F, 0xc6, W0, FULL, RVMI, SAME, 0),
  VSHUFI32X4("vshufi32x4", "vshufi32x4", P66, M_0F3A, 0x43, W0, FULL, RVMI, NEVER, 0),
  VPERM2I128("vperm2i128", "vperm2i128", P66, M_0F3A, 0x46, W0, FULL_MEM, RVMI, ONLY, 0),
  VEXTRACTI128("vextracti128", "vextracti32x4", P66, M_0F3A, 0x39, W0, FOUR_32, MRI, SAME, 0),
  VEXTRACTI64X4("vextracti64x4", "vextracti64x4", P66, M_0F3A, 0x3b, W1, FOUR_64, MRI, NEVER, 0),
  VINSERTI128("vinserti128", "vinserti32x4", P66, M_0F3A, 0x38, W0, FOUR_32, RVMI, SAME, 0),
  VINSERTI64X4("vinserti64x4", "vinserti64x4", P66, M_0F3A, 0x3a, W1, FOUR_64, RVMI, NEVER, 0),
  VPBLENDD("vpblendd", "vpblendd", P66, M_0F3A, 0x02, W0, FULL_MEM, RVMI, ONLY, 0),
  VPBLENDMW("vpblendmw", "vpblendmw", P66, M_0F38, 0x66, W1, FULL_MEM, RVM, NEVER, 0),
  VPBLENDMD("vpblendmd", "vpblendmd", P66, M_0F38, 0x64, W0, FULL, RVM, NEVER, 0),
  VPCMPEQW("vpcmpeqw", "vpcmpeqw", P66, M_0F, 0x75, W0, FULL_MEM, KVM, NEVER, 0),
  VPCMPUB("vpcmpub", "vpcmpub", P66, M_0F3A, 0x3e, W0, FULL_MEM, KVMI, NEVER, 0),
  VPTESTMW("vptestmw", "vptestmw", P66, M_0F38, 0x26, W1, FULL_MEM, KVM, NEVER, 0),
  VPTESTMB("vptestmb", "vptestmb", P66, M_0F38, 0x26, W0, FULL_MEM, KVM, NEVER, 0);

  /** Two bits that stand for a legacy prefix. */
  enum Prefix {
    NONE(0),
    P66(1),
    F3(2);

    final int code;

    Prefix(int code) {
      this.code = code;
    }
  }

  /** Which table of opcodes. */
  enum OpcodeMap {
    M_0F(1),
    M_0F38(2),
    M_0F3A(3);

    final int code;

    OpcodeMap(int code) {
      this.code = code;
    }
  }

  /** The bit W. */
  enum Wide {
    W0,
    W1,
    /** Only where the encoding is EVEX. */
    W1_EVEX
  }

  /** How much is read or written in memory, which is the unit of an EVEX displacement. */
  enum Read {
    /** The vector, or one element for all lanes. */
    FULL,
    /** The vector. */
    FULL_MEM,
    /** Half of it. */
    HALF_MEM,
    /** A quarter of it. */
    QUARTER_MEM,
    /** An eighth of it. */
    EIGHTH_MEM,
    /** One byte. */
    ONE_8,
    /** 16 bits. */
    ONE_16,
    /** 32 bits. */
    ONE_32,
    /** 64 bits. */
    ONE_64,
    /** Four times 32 bits. */
    FOUR_32,
    /** Four times 64 bits. */
    FOUR_64;

    /** In bytes. */
    int bytes(Vec.Width width) {
      return switch (this) {
        case FULL, FULL_MEM -> width.bytes();
        case HALF_MEM -> width.bytes() / 2;
        case QUARTER_MEM -> width.bytes() / 4;
        case EIGHTH_MEM -> width.bytes() / 8;
        case ONE_8 -> 1;
        case ONE_16 -> 2;
        case ONE_32 -> 4;
        case ONE_64 -> 8;
        case FOUR_32 -> 16;
        case FOUR_64 -> 32;
      };
    }
  }

  /**
   * Which operands there are: R a register, V another one, M a register or memory, I eight bits.
   */
  enum Form {
    RVM,
    RVMI,
    /** A mask register in place of R. */
    KVM,
    KVMI,
    RM,
    RMI,
    /** The register is stored. */
    MR,
    MRI,
    /** The destination is V; in place of R stands a digit. */
    VMI
  }

  /** Whether there is an encoding without EVEX, for the lower 16 registers of up to 256 bits. */
  enum Vex {
    SAME,
    NEVER,
    /** There is one, of an extension of its own (AVX-VNNI). */
    ON_REQUEST,
    /** And none with it. */
    ONLY
  }

  private final String mnemonic;
  private final String evexMnemonic;
  final Prefix prefix;
  final OpcodeMap map;
  final int opcode;
  final Wide wide;
  final Read read;
  final Form form;
  final Vex vex;
  final int digit;

  Instruction(
      String mnemonic,
      String evexMnemonic,
      Prefix prefix,
      OpcodeMap map,
      int opcode,
      Wide wide,
      Read read,
      Form form,
      Vex vex,
      int digit) {
    this.mnemonic = mnemonic;
    this.evexMnemonic = evexMnemonic;
    this.prefix = prefix;
    this.map = map;
    this.opcode = opcode;
    this.wide = wide;
    this.read = read;
    this.form = form;
    this.vex = vex;
    this.digit = digit;
  }

  /** The name in an assembler's text. */
  String mnemonic() {
    return mnemonic;
  }

  /** The name in an assembler's text, of the form with EVEX. */
  String evexMnemonic() {
    return evexMnemonic;
  }

  /** Bytes of an element that can be read for all lanes. */
  int elementBytes() {
    return wide == W0 ? 4 : 8;
  }

  /** Whether an operand in memory is as long as the instruction's registers. */
  boolean readsVector() {
    return (read == FULL || read == FULL_MEM) && form != MR && form != MRI;
  }
}
