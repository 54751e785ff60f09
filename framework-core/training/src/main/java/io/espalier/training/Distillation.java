package io.espalier.training;

import io.espalier.engine.loss.ChosenLoss;
import io.espalier.spi.graph.Graph;

/**
 * A model that another is trained to agree with, besides the labels.
 *
 * @param teacher computes outputs for the inputs of the model that is trained
 * @param loss how far outputs are from those of the teacher, which are the labels {@value #LABELS}
 * @param share how much this loss counts, from 0 to 1; the loss of the labels counts the rest
 */
public record Distillation(Graph teacher, ChosenLoss loss, double share) {

    /** The name under which a loss finds the first output of the teacher. */
    public static final String LABELS = "teacher";

    /** The loss where a teacher is given. */
    public static final String DEFAULT = "distillation";
}
