package io.espalier.spi;

/** A model asks for more work than the {@link Budget} allows. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class BudgetException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    private final boolean namesNode;

    /** Says what is exceeded, without a full stop. */
    public BudgetException(String what) {
        this(what + ". The model asks for more work than is allowed.", false);
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
                : new BudgetException("The " + operator + " that makes '" + made + "': " + getMessage(), true);
    }
}
