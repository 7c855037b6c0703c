/**
 * Measures in under a minute what this program reaches on this machine. In goes nothing but a
 * folder for files of a moment, out goes a {@link dev.tonnage.plan.Calibration}. Start at {@link
 * dev.tonnage.calibrate.Calibrator}.
 */
package dev.tonnage.calibrate;
