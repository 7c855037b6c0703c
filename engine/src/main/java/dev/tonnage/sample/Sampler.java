package dev.tonnage.sample;

import dev.tonnage.error.BadRequest;
import dev.tonnage.text.ControlTokens;
import dev.tonnage.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws the tokens of one sequence: {@link #accept} what is given, then {@link #next} for each that
 * is drawn. The stages of {@link SamplerSettings#order()} happen one after the other, then a token
 * is drawn from what they left.
 *
 * <p>The same settings, logits and tokens give the same draws. Random numbers come from one stream:
 * for each token one for XTC, where it is among the stages, then one for the draw.
 */
public final class Sampler {

  private final int vocabulary;
  private final SplittableRandom random;
  private final History history = new History();
  private final Candidates candidates;
  private final List<Stage> chain = new ArrayList<>();
  private final Draw draw;

  /**
   * For a model's sequence.
   *
   * @param tokenizer the model's: it has a token for each logit
   */
  public Sampler(SamplerSettings settings, Tokenizer tokenizer) {
    this(settings, tokenizer.vocabulary().size(), id -> tokenizer.bytes(id, ControlTokens.SHOWN));
  }

  /**
   * For tokens of which no text is known.
   *
   * @param vocabulary number of logits
   * @throws BadRequest if the settings have sequence breakers, which are texts
   */
  public Sampler(SamplerSettings settings, int vocabulary) {
    this(settings, vocabulary, _ -> new byte[0]);
    if (settings.dry().happens() && !settings.dry().breakers().isEmpty()) {
      throw new BadRequest(
          "dry-sequence-breaker",
          "none, for the text of tokens is not known",
          settings.dry().breakers().size() + "",
          "give the tokenizer");
    }
  }

  Sampler(SamplerSettings settings, int vocabulary, TokenText text) {
    this.vocabulary = vocabulary;
    this.random = new SplittableRandom(settings.seed());
    this.candidates = new Candidates(vocabulary, settings.logitBias());
    this.draw =
        settings.mirostat().happens()
            ? new MirostatDraw(settings.mirostat(), random)
            : new PlainDraw(random);
    for (StageName name : settings.order()) {
      if (settings.asksFor(name)) {
        chain.add(stage(name, settings, text));
      }
    }
  }

  private Stage stage(StageName name, SamplerSettings settings, TokenText text) {
    Truncation truncation = settings.truncation();
    return switch (name) {
      case PENALTIES -> new PenaltyStage(settings.penalties(), history, vocabulary);
      case DRY -> {
        var breakers = new SequenceBreakers(settings.dry().breakers(), text);
        yield new DryStage(settings.dry(), history, breakers, vocabulary);
      }
      case TOP_N_SIGMA -> new TopNSigma(truncation.topNSigma());
      case TOP_K -> new TopK(truncation.topK());
      case TYPICAL -> new Typical(truncation.typicalP());
      case TOP_P -> new TopP(truncation.topP());
      case MIN_P -> new MinP(truncation.minP());
      case XTC -> new XtcStage(settings.xtc(), random);
      case TEMPERATURE -> new Temperature(settings.temperature());
    };
  }

  /**
   * Goes on after tokens that were not drawn here: a prompt.
   *
   * @throws BadRequest for an id beyond the vocabulary
   */
  public void accept(int... tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw new BadRequest(
            "token", "an id from 0 to " + (vocabulary - 1), token + "", "correct it");
      }
      history.add(token);
    }
  }

  /**
   * Draws the next token and accepts it.
   *
   * @param logits one for each token of the vocabulary; they are not changed
   * @throws dev.tonnage.error.BadFile if none is a number, or one infinite: the weights are damaged
   * @throws BadRequest if every token is banned
   */
  public int next(float[] logits) {
    int token = draw.draw(narrow(logits));
    history.add(token);
    return token;
  }

  /** What the chain leaves of the vocabulary. */
  Candidates narrow(float[] logits) {
    candidates.reset(logits);
    for (Stage stage : chain) {
      stage.apply(candidates);
    }
    return candidates;
  }
}
