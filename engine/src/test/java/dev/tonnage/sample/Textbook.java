package dev.tonnage.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The stages by their definitions, over plain lists in double precision: everything is sorted,
 * everything is summed, nothing is clever.
 */
final class Textbook {

  /** A token that may be drawn. */
  record Token(int id, double logit) {}

  /** Of tokens among others. */
  record Distribution(double greatest, double total) {

    static Distribution of(List<Token> tokens) {
      double greatest = Textbook.greatest(tokens);
      double total = tokens.stream().mapToDouble(token -> Math.exp(token.logit() - greatest)).sum();
      return new Distribution(greatest, total);
    }

    double probability(Token token) {
      return Math.exp(token.logit() - greatest) / total;
    }

    /** Minus the logarithm of the probability, also where that is nothing to a double. */
    double surprise(Token token) {
      return Math.log(total) - (token.logit() - greatest);
    }
  }

  private static final Comparator<Token> MOST_PROBABLE_FIRST =
      Comparator.comparingDouble((Token token) -> -token.logit() + 0.0).thenComparingInt(Token::id);

  private Textbook() {}

  /** Text of tokens in tests of a whole chain. */
  static String text(int id) {
    return id % 5 == 0 ? "\n" : "t" + id;
  }

  static List<Token> tokens(float[] logits) {
    List<Token> tokens = new ArrayList<>();
    for (int id = 0; id < logits.length; id++) {
      if (Float.isFinite(logits[id])) {
        tokens.add(new Token(id, logits[id]));
      }
    }
    return tokens;
  }

  static List<Token> biased(List<Token> tokens, LogitBias bias) {
    return tokens.stream()
        .map(t -> new Token(t.id(), t.logit() + bias.byToken().getOrDefault(t.id(), 0.0)))
        .filter(token -> token.logit() > Double.NEGATIVE_INFINITY)
        .toList();
  }

  static List<Token> apply(
      StageName stage, List<Token> tokens, SamplerSettings settings, List<Integer> history) {
    Truncation truncation = settings.truncation();
    return switch (stage) {
      case PENALTIES -> penalties(tokens, settings.penalties(), history);
      case DRY ->
          settings.dry().multiplier() == 0 || settings.dry().lastN() == 0
              ? tokens
              : dry(tokens, settings.dry(), history, Textbook::text);
      case TOP_N_SIGMA ->
          truncation.topNSigma() == 0 ? tokens : topNSigma(tokens, truncation.topNSigma());
      case TYPICAL -> typical(tokens, truncation.typicalP());
      case TOP_K -> truncation.topK() == 0 ? tokens : topK(tokens, truncation.topK());
      case TOP_P -> topP(tokens, truncation.topP());
      case MIN_P -> minP(tokens, truncation.minP());
      case XTC -> settings.xtc().probability() == 0 ? tokens : xtc(tokens, settings.xtc());
      case TEMPERATURE -> temperature(tokens, settings.temperature());
    };
  }

  static List<Token> penalties(List<Token> tokens, Penalties penalties, List<Integer> history) {
    int last = penalties.lastN() == -1 ? history.size() : penalties.lastN();
    List<Integer> window = history.subList(Math.max(0, history.size() - last), history.size());
    return tokens.stream()
        .map(token -> {
          if (!window.contains(token.id())) {
            return token;
          }
          double by = penalties.repeat();
          double logit = token.logit() > 0 ? token.logit() / by : token.logit() * by;
          long count = window.stream().filter(id -> id == token.id()).count();
          logit -= penalties.presence() + penalties.frequency() * count;
          return new Token(token.id(), logit);
        })
        .toList();
  }

  /**
   * Looks for every repetition of every length up to the last breaker, which is looked for in the
   * whole text.
   */
  static List<Token> dry(
      List<Token> tokens, Dry dry, List<Integer> history, IntFunction<String> text) {
    int size = history.size();
    int start = dry.lastN() == -1 ? 0 : Math.max(0, size - dry.lastN());
    int most = Math.min(size - start, size - firstUnbroken(history, dry.breakers(), text));
    return tokens.stream()
        .map(token -> {
          int longest = -1;
          for (int at = start + 1; at < size; at++) {
            for (int length = 0; length <= Math.min(most, at - start); length++) {
              if (history.get(at) == token.id()
                  && history
                      .subList(at - length, at)
                      .equals(history.subList(size - length, size))) {
                longest = Math.max(longest, length);
              }
            }
          }
          boolean breaks = dry.breakers().stream().anyMatch(text.apply(token.id())::contains);
          if (breaks || longest < dry.allowedLength() || most < dry.allowedLength()) {
            return token;
          }
          double penalty = dry.multiplier() * Math.pow(dry.base(), longest - dry.allowedLength());
          return new Token(token.id(), token.logit() - penalty);
        })
        .toList();
  }

  private static int firstUnbroken(
      List<Integer> history, List<String> breakers, IntFunction<String> text) {
    StringBuilder whole = new StringBuilder();
    List<Integer> owners = new ArrayList<>(); // of each character
    for (int i = 0; i < history.size(); i++) {
      whole.append(text.apply(history.get(i)));
      while (owners.size() < whole.length()) {
        owners.add(i);
      }
    }
    int first = 0;
    for (String breaker : breakers) {
      int at = whole.lastIndexOf(breaker);
      if (at >= 0) {
        first = Math.max(first, owners.get(at + breaker.length() - 1) + 1);
      }
    }
    return first;
  }

  static List<Token> topK(List<Token> tokens, int count) {
    return tokens.stream().sorted(MOST_PROBABLE_FIRST).limit(count).toList();
  }

  static List<Token> topNSigma(List<Token> tokens, double n) {
    double mean = tokens.stream().mapToDouble(Token::logit).average().orElseThrow();
    double variance =
        tokens.stream()
            .mapToDouble(token -> Math.pow(token.logit() - mean, 2))
            .average()
            .orElseThrow();
    double least = greatest(tokens) - n * Math.sqrt(variance);
    return tokens.stream().filter(token -> token.logit() >= least).toList();
  }

  static List<Token> typical(List<Token> tokens, double p) {
    Distribution all = Distribution.of(tokens);
    double entropy =
        tokens.stream().mapToDouble(token -> all.probability(token) * all.surprise(token)).sum();
    Comparator<Token> mostTypicalFirst =
        Comparator.comparingDouble((Token token) -> Math.abs(all.surprise(token) - entropy));
    List<Token> kept = new ArrayList<>();
    double sum = 0;
    for (Token token :
        tokens.stream().sorted(mostTypicalFirst.thenComparingInt(Token::id)).toList()) {
      kept.add(token);
      sum += all.probability(token);
      if (p < 1 && sum >= p) {
        break;
      }
    }
    return kept;
  }

  static List<Token> topP(List<Token> tokens, double p) {
    Distribution all = Distribution.of(tokens);
    List<Token> kept = new ArrayList<>();
    double sum = 0;
    for (Token token : tokens.stream().sorted(MOST_PROBABLE_FIRST).toList()) {
      kept.add(token);
      sum += all.probability(token);
      if (p < 1 && sum >= p) {
        break;
      }
    }
    return kept;
  }

  static List<Token> minP(List<Token> tokens, double p) {
    double least = greatest(tokens) + Math.log(p);
    return tokens.stream().filter(token -> token.logit() >= least).toList();
  }

  /** What is left when it happens. */
  static List<Token> xtc(List<Token> tokens, Xtc xtc) {
    Distribution all = Distribution.of(tokens);
    List<Token> choices =
        tokens.stream()
            .sorted(MOST_PROBABLE_FIRST)
            .filter(token -> all.probability(token) >= xtc.threshold())
            .toList();
    return tokens.stream()
        .filter(token -> !choices.contains(token) || token.equals(choices.getLast()))
        .toList();
  }

  static List<Token> temperature(List<Token> tokens, double temperature) {
    return temperature == 0
        ? topK(tokens, 1)
        : tokens.stream().map(token -> new Token(token.id(), token.logit() / temperature)).toList();
  }

  static double greatest(List<Token> tokens) {
    return tokens.stream().mapToDouble(Token::logit).max().orElseThrow();
  }

  /** Of each token of a vocabulary. */
  static double[] probabilities(List<Token> tokens, int vocabulary) {
    Distribution all = Distribution.of(tokens);
    double[] probabilities = new double[vocabulary];
    for (Token token : tokens) {
      probabilities[token.id()] = all.probability(token);
    }
    return probabilities;
  }
}
