package io.espalier.spi;

/** A model asks for more work than the {@link Budget} allows. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class BudgetException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    private final boolean namesNode;

    /**
     * Says what exceeds what Espalier can do at all.
     *
     * @param what a clause without a full stop
     */
    public BudgetException(String what) {
        this(what + ". The model asks for more work than is allowed.", false);
    }

    /**
     * Says what is exceeded.
     *
     * @param what a clause without a full stop
     * @param limit the limit that is exceeded, one of {@link Budget#NAMES}
     */
    public BudgetException(String what, String limit) {
        this(what + ". The model asks for more work than is allowed; --budget " + limit + "=N allows more.", false);
    }

    private BudgetException(String message, boolean namesNode) {
        super(message, null);
        this.namesNode = namesNode;
    }

    /**
     * The same, said of the node that asks for it; a node that is named already remains.
     *
     * @param operator its operator with the domain
     * @param made the first value that it makes
     */
    public BudgetException at(String operator, String made) {
        return namesNode
                ? this
                : new BudgetException(
                        "The " + operator + " that makes " + Quoted.name(made) + ": " + getMessage(), true);
    }
}
