package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.AttentionCall;
import dev.tonnage.kernel.AttentionWork;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The code of a level for attention, by the shapes of caches. */
final class Attentions {

  private final Map<AttentionCode.Shape, AttentionCode> codes = new ConcurrentHashMap<>();
  private final Width width;
  private final CodeShelf shelf;

  Attentions(Width width, CodeShelf shelf) {
    this.width = width;
    this.shelf = shelf;
  }

  /** What a call is computed with, where there is code for its cache. */
  Optional<AttentionWork> work(AttentionCall call, int threads) {
    var shape = AttentionCode.Shape.of(call.span());
    if (call.span().blockTokens() != OnePassAttention.BLOCK_TOKENS || !shape.hasCode()) {
      return Optional.empty();
    }
    var code = codes.computeIfAbsent(shape, of -> new AttentionCode(of, width, shelf));
    return Optional.of(new OnePassAttention(call, code, threads));
  }
}
