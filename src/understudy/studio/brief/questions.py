"""The questions of a brief, declared once: the command's options, the interview, the form and the manual follow."""

from dataclasses import dataclass
from enum import StrEnum

from understudy.domain.brief import Demand


class Kind(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    MONEY = "money"
    SHARE = "share"
    COUNT = "count"
    RATE = "a month"
    AMOUNT = "number"
    DATE = "date"
    YES_NO = "yes or no"
    CHOICE = "one of"
    CURRENCY = "currency"
    BARS = "label=share"
    COSTS = "truth=answer:cost"
    NAMES = "names"


MANY = {Kind.BARS, Kind.COSTS, Kind.NAMES}
"""Kinds with several entries: one a line in a form, one an option on a terminal."""


@dataclass(frozen=True)
class Step:
    """Questions that are asked together."""

    name: str
    title: str
    about: str


PROBLEM = Step("problem", "The problem", "Who hurts, and how do you know?")
VOLUME = Step("people", "People today", "What an answer by a person costs, and how often it is wrong.")
MONEY = Step("money", "Mistakes and money", "What a wrong answer costs decides how good the model has to be.")
LIMITS = Step("limits", "The bar and the limits", "What you ask for beyond that, and what ends the attempt.")
STEPS = (PROBLEM, VOLUME, MONEY, LIMITS)


@dataclass(frozen=True)
class Question:
    """One question of the brief.

    Attributes:
        field: The brief's attribute; "kill_by" and the like for those of its kill criteria.
        option: How the command names it.
        step: With which others it is asked.
        label: In a form, in a few words.
        ask: As it is asked.
        why: Why it is asked, one line.
        kind: How it is answered.
        example: An answer, as typed.
        choices: For `CHOICE`: each value with what it means.
        usual: Asked of everyone; other questions are optional and stand behind a disclosure.
        of_numbers: Asked where answers are numbers.
    """

    field: str
    option: str
    step: Step
    label: str
    ask: str
    why: str
    kind: Kind
    example: str
    choices: tuple[tuple[str, str], ...] = ()
    usual: bool = True
    of_numbers: bool = False

    @property
    def many(self) -> bool:
        """Several entries can be given."""
        return self.kind in MANY


DEMAND = (
    (Demand.NONE.value, "no sign of it"),
    (Demand.SAID.value, "they said so when asked"),
    (Demand.WAITED.value, "they signed up, or left what they do today to get it"),
    (Demand.USED.value, "they used a version that people answered behind"),
    (Demand.PAID.value, "they paid"),
)

QUESTIONS = (
    Question(
        "problem", "--problem", PROBLEM, "The problem", "What goes wrong today, for whom, how often?",
        "First the problem, then a solution: an answer that nobody misses is not worth giving.",
        Kind.TEXT, "Cracks in blades are found weeks late",
    ),
    Question(
        "who", "--who", PROBLEM, "Who hurts", "Who hurts?",
        "They decide whether the answers help; ask three of them.",
        Kind.TEXT, "the maintenance team of a wind park",
    ),
    Question(
        "today", "--today", PROBLEM, "How it is solved today", "How is it solved today?",
        "What is done today is the rival, and it may be good enough.",
        Kind.TEXT, "two inspectors look at every photo",
    ),
    Question(
        "demand", "--demand", PROBLEM, "Sign of demand", "What is the strongest sign that people want it?",
        "What people do counts for more than what they say.",
        Kind.CHOICE, "said", DEMAND,
    ),
    Question(
        "demand_evidence", "--demand-evidence", PROBLEM, "What that sign is", "What is that sign, in your words?",
        "So that whoever reads this in a year can check it.",
        Kind.TEXT, "7 of 10 inspectors asked for it",
    ),
    Question(
        "precedent", "--precedent", PROBLEM, "A precedent", "Which product next to yours did this already?",
        "It shows that it can be done, and is the best argument with a sponsor.",
        Kind.TEXT, "drone inspection of roofs",
    ),
    Question(
        "minimum_viable", "--mvp/--no-mvp", PROBLEM, "A first version",
        "Is this the first version of a product that nobody uses yet?",
        "A first version is answered by people first: that takes days, a model takes weeks.",
        Kind.YES_NO, "no",
    ),
    Question(
        "decisions_a_month", "--decisions", VOLUME, "Decisions",
        "How many answers are needed, in a month, a week or a day?",
        "The volume decides whether automation saves anything.",
        Kind.RATE, "4000/month",
    ),
    Question(
        "person_cost", "--person-cost", VOLUME, "A person’s answer", "What does one answer by a person cost?",
        "It is what each answer by the model saves: minutes times wage will do.",
        Kind.MONEY, "2.50",
    ),
    Question(
        "person_error", "--person-error", VOLUME, "People’s error", "How often are people wrong?",
        "The model need not be better than people to pay; unknown counts as never, until it is measured.",
        Kind.SHARE, "3%",
    ),
    Question(
        "label_cost", "--label-cost", VOLUME, "A label", "What does labelling one example cost?",
        "It says what gathering more examples costs; unknown counts as a person's answer.",
        Kind.MONEY, "1", usual=False,
    ),
    Question(
        "currency", "--currency", MONEY, "Currency", "In which currency do you reckon?",
        "All costs of a brief are in one currency.",
        Kind.CURRENCY, "EUR",
    ),
    Question(
        "wrong_cost", "--wrong-cost", MONEY, "A wrong answer", "What does a wrong answer cost?",
        "It sets the bar: without it nothing can be proven good enough.",
        Kind.MONEY, "40",
    ),
    Question(
        "tolerance", "--tolerance", MONEY, "How far off is near enough",
        "Where answers are numbers: how far off may one be and still be useful?",
        "A number within it counts as right, in the review and for the circuit breaker alike; all others are wrong.",
        Kind.AMOUNT, "5", usual=False, of_numbers=True,
    ),
    Question(
        "unit", "--unit", MONEY, "Unit", "Where answers are numbers: what do they count?",
        "It stands beside every number, so that nobody takes hours for minutes.",
        Kind.TEXT, "minutes", usual=False, of_numbers=True,
    ),
    Question(
        "wrong_costs", "--wrong", MONEY, "Kinds that cost something else",
        "Which kind of wrong answer costs something else? Truth=answer:cost.",
        "A missed crack is not a false alarm.",
        Kind.COSTS, "crack=sound:400", usual=False,
    ),
    Question(
        "model_cost", "--model-cost", MONEY, "A model’s answer", "What does one answer by the model cost?",
        "Machines and checks; on your own computer close to nothing.",
        Kind.MONEY, "0.01", usual=False,
    ),
    Question(
        "loss_budget", "--loss-budget", MONEY, "What may be lost", "How much may be lost until people take over again?",
        "Every launch has a circuit breaker; this sets how early it trips.",
        Kind.MONEY, "500",
    ),
    Question(
        "asked_bar", "--bar", LIMITS, "Your own bar", "Which share right do you ask for, beyond what pays?",
        "The stricter of the two counts; a milder one changes nothing.",
        Kind.SHARE, "95%", usual=False,
    ),
    Question(
        "class_bars", "--class-bar", LIMITS, "Bars of single labels", "Which label has to be recognised how often?",
        "Where missing one label is worse than the rest.",
        Kind.BARS, "crack=98%", usual=False,
    ),
    Question(
        "slices", "--slice", LIMITS, "Slices", "For which parts of the examples is a proof of their own needed?",
        "A model that is right on average can be wrong for one camera, site or group.",
        Kind.NAMES, "format", usual=False,
    ),
    Question(
        "kill_by", "--kill-by", LIMITS, "End by", "On which day does the attempt end, if nothing is launched?",
        "An end that was agreed early is easier to keep.",
        Kind.DATE, "2027-06-30",
    ),
    Question(
        "kill_labels", "--kill-labels", LIMITS, "End at labels", "After how many labels?",
        "Research may not pay off, and labels are what it costs.",
        Kind.COUNT, "5000", usual=False,
    ),
    Question(
        "kill_money", "--kill-money", LIMITS, "End at a sum", "After how much money?",
        "A calculated risk has a size.",
        Kind.MONEY, "20000", usual=False,
    ),
)  # fmt: skip

BY_FIELD = {question.field: question for question in QUESTIONS}


def questions_of(step: Step) -> tuple[Question, ...]:
    """The questions of one step, in their order."""
    return tuple(question for question in QUESTIONS if question.step is step)
