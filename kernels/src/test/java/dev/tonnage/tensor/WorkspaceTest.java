package dev.tonnage.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scratch is taken in order, given back by frames, and kept. */
class WorkspaceTest {

  private static final long SEED = 20261122;

  private final Workspace workspace = new Workspace();

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void rowsOfOpenFramesNeverOverlap() {
    var random = new SplittableRandom(SEED);
    for (int round = 0; round < 20; round++) {
      try (var _ = workspace.frame()) {
        takeAndCheck(random, 3);
      }
    }
  }

  /** Marks rows before and after a frame within, and looks whether any mark was overwritten. */
  private void takeAndCheck(SplittableRandom random, int depth) {
    var taken = new ArrayList<Rows>();
    for (int i = 0; i < 6; i++) {
      Rows rows = workspace.rows(random.nextInt(1, 200), random.nextInt(1, 3000));
      rows.data().fill((byte) i);
      taken.add(rows);
      if (depth > 0 && i == 3) {
        try (var _ = workspace.frame()) {
          takeAndCheck(random, depth - 1);
        }
      }
    }
    for (int i = 0; i < taken.size(); i++) {
      var data = taken.get(i).data();
      assertThat(data.get(ValueLayout.JAVA_BYTE, 0)).as("seed %d", SEED).isEqualTo((byte) i);
      assertThat(data.asSlice(1).mismatch(data.asSlice(0, data.byteSize() - 1)))
          .as("seed %d", SEED)
          .isEqualTo(-1);
    }
  }

  @Test
  void whatAFrameTookIsTakenAgainAfterIt() {
    Rows outside = workspace.rows(1, 10);
    long first;
    try (var _ = workspace.frame()) {
      first = workspace.rows(7, 100).data().address();
      workspace.rows(7, 100);
    }
    try (var _ = workspace.frame()) {
      assertThat(workspace.rows(7, 100).data().address()).isEqualTo(first);
    }
    assertThat(workspace.rows(1, 10).data().address()).isEqualTo(first);
    assertThat(outside.data().address()).isNotEqualTo(first);
  }

  @Test
  void aSecondStepTakesNoMoreMemory() {
    assertThat(workspace.bytes()).isZero();
    step();
    long bytes = workspace.bytes();
    assertThat(bytes).isBetween(Rows.bytes(5000, 1000), 2 * Rows.bytes(5000, 1000));
    for (int i = 0; i < 5; i++) {
      step();
      assertThat(workspace.bytes()).isEqualTo(bytes);
    }
  }

  private void step() {
    try (var _ = workspace.frame()) {
      workspace.rows(3, 5);
      for (int layer = 0; layer < 4; layer++) {
        try (var _ = workspace.frame()) {
          workspace.rows(5000, 1000); // more than a slab
          workspace.rows(1, 64);
        }
      }
    }
  }

  @Test
  void paddingIsZeroWhateverWasThereBefore() {
    for (int width = 1; width <= 33; width++) {
      try (var _ = workspace.frame()) {
        workspace.rows(4, 200).data().fill((byte) -1);
      }
      try (var _ = workspace.frame()) {
        Rows rows = workspace.rows(3, width);
        for (int row = 0; row < 3; row++) {
          for (int k = width; k < rows.stride(); k++) {
            long at = 4L * (row * rows.stride() + k);
            assertThat(rows.data().get(ValueLayout.JAVA_INT, at)).as("width %d", width).isZero();
          }
        }
      }
    }
  }

  @Test
  void noRowsAreFineToo() {
    assertThat(workspace.rows(0, 100).count()).isZero();
  }

  @Test
  void rowsEndWithTheirWorkspace() {
    Rows rows;
    try (var brief = new Workspace()) {
      rows = brief.rows(1, 1);
    }
    assertThatThrownBy(() -> rows.get(0, 0)).isInstanceOf(IllegalStateException.class);
  }
}
