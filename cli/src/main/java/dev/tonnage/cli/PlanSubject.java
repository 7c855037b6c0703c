package dev.tonnage.cli;

import dev.tonnage.file.ModelHeader;

/**
 * A model in one format, to be planned.
 *
 * @param title for people
 * @param format in a word
 * @param header what a file of it says
 * @param path of the file, if there is one here, else empty
 */
record PlanSubject(String title, String format, ModelHeader header, String path) {}
