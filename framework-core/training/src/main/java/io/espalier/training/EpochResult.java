package io.espalier.training;

import io.espalier.engine.evaluate.Evaluation;
import java.util.Optional;

/**
 * What an epoch gave.
 *
 * @param number which epoch, from 1
 * @param epochs how many there are to be
 * @param loss the mean loss of its batches, before the step of each
 * @param training what the metric says of the outputs in training; empty without a metric
 * @param validation what it says of the model after the epoch; empty without validation data
 * @param rate the learning rate of its last step
 * @param seconds how long it took
 */
public record EpochResult(
        int number,
        int epochs,
        double loss,
        Optional<Evaluation> training,
        Optional<Evaluation> validation,
        double rate,
        double seconds) {}
