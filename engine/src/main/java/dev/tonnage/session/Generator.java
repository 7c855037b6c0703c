package dev.tonnage.session;

import dev.tonnage.sample.Sampler;
import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.text.ControlTokens;
import dev.tonnage.text.TextStream;
import dev.tonnage.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Reads a prompt and continues it, token by token. */
public final class Generator {

  /** Hears what happens, and says whether it should go on. */
  public interface Listener extends Session.Progress {
    /** Text that has become complete; never half a character. */
    void text(String piece);

    @Override
    boolean cancelled();
  }

  private final LoadedModel model;

  /** Generates with a model. */
  public Generator(LoadedModel model) {
    this.model = model;
  }

  /**
   * Continues a prompt in a session of its own.
   *
   * @param prompt ids, with a begin token where the model wants one
   * @param mostTokens at most so many are sampled
   * @throws dev.tonnage.error.BadRequest if the prompt is empty or does not fit
   */
  public Completion generate(
      int[] prompt, SamplerSettings settings, int mostTokens, Listener listener) {
    try (Session session = model.session()) {
      var sampler = new Sampler(settings, model.tokenizer()); // refuses before the prompt is read
      long begin = System.nanoTime();
      boolean read = session.read(prompt, listener);
      long prompted = System.nanoTime();
      sampler.accept(prompt);
      var run = new Run(sampler, listener);
      Completion.End end = read ? run.go(session, mostTokens) : Completion.End.CANCELLED;
      return new Completion(
          List.copyOf(run.sampled),
          run.text.toString(),
          end,
          prompt.length,
          prompted - begin,
          System.nanoTime() - prompted);
    }
  }

  /** The loop's state. */
  private final class Run {

    private final Sampler sampler;
    private final Listener listener;
    private final Tokenizer tokenizer = model.tokenizer();
    private final TextStream stream =
        new TextStream(tokenizer, TextStream.Start.OF_CONTINUATION, ControlTokens.HIDDEN);
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> sampled = new ArrayList<>();

    Run(Sampler sampler, Listener listener) {
      this.sampler = sampler;
      this.listener = listener;
    }

    Completion.End go(Session session, int mostTokens) {
      for (int i = 0; i < mostTokens; i++) {
        if (listener.cancelled()) {
          return ended(Completion.End.CANCELLED);
        }
        int token = sampler.next(session.logits());
        if (tokenizer.specialIds().endsGeneration(token)) {
          return ended(Completion.End.MODEL);
        }
        sampled.add(token);
        say(stream.accept(token));
        if (i + 1 == mostTokens) {
          break;
        }
        if (session.room() == 0) {
          return ended(Completion.End.CONTEXT);
        }
        session.append(token);
      }
      return ended(Completion.End.LENGTH);
    }

    private Completion.End ended(Completion.End end) {
      say(stream.end());
      return end;
    }

    private void say(String piece) {
      if (!piece.isEmpty()) {
        text.append(piece);
        listener.text(piece);
      }
    }
  }
}
