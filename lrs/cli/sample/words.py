"""Names and texts of the sample organisation, all made up."""

from random import Random

FIRST_NAMES = (
    "Aaliyah", "Adam", "Agnes", "Aiko", "Alba", "Amir", "Ana", "Anders", "Anil", "Astrid", "Bao", "Beatriz",
    "Bruno", "Callum", "Carmen", "Chidi", "Chloé", "Dagny", "Daniel", "Deepa", "Diego", "Dina", "Elif", "Emeka",
    "Emil", "Esther", "Farah", "Felix", "Freya", "Gabriel", "Giulia", "Hana", "Hassan", "Hugo", "Ines", "Ivan",
    "Jamila", "Jonas", "Joséphine", "Kaito", "Kamala", "Kofi", "Lars", "Leila", "Lin", "Lucía", "Magda", "Marek",
    "Mei", "Milan", "Miriam", "Nadia", "Niamh", "Noor", "Oscar", "Petra", "Priya", "Rafael", "Rosa", "Samir",
    "Sofia", "Tariq", "Thandi", "Yusuf",
)  # fmt: skip
LAST_NAMES = (
    "Abara", "Almeida", "Andersen", "Bauer", "Becker", "Bianchi", "Borg", "Castro", "Chen", "Costa", "Dahl",
    "Demir", "Diallo", "Dvořák", "Eriksen", "Farouk", "Fischer", "García", "Grant", "Haddad", "Hansen", "Horvath",
    "Ito", "Ivanova", "Jensen", "Joshi", "Kaya", "Keller", "Kim", "Kowalski", "Kumar", "Lambert", "Lindqvist",
    "Lopez", "Marino", "Mbeki", "Meyer", "Moreau", "Mwangi", "Nakamura", "Ndiaye", "Nguyen", "Novak", "Okafor",
    "Olsen", "Park", "Patel", "Pereira", "Popescu", "Rahman", "Reyes", "Rossi", "Santos", "Sato", "Schmidt",
    "Silva", "Singh", "Suzuki", "Tanaka", "Weber",
)  # fmt: skip
DEPARTMENTS = (
    "Operations", "Sales", "Engineering", "Customer Care", "Finance", "Human Resources", "Logistics", "Marketing",
    "Research", "Legal", "Facilities", "Executive Office",
)  # fmt: skip
TOPICS = (
    "Safety at Work", "Data Literacy", "Negotiation", "Project Planning", "Customer Conversations", "Cloud Basics",
    "Leading a Team", "Quality Control", "Privacy in Practice", "Spreadsheets", "Public Speaking", "Incident Reviews",
    "Inclusive Hiring", "Process Mapping", "Statistics for Everyone", "Writing Clearly", "Coaching Skills",
    "Supply Chains", "Design Thinking", "Security Awareness",
)  # fmt: skip
COMMUNITIES = (
    "Makers", "Data Circle", "New Starters", "Women in Tech", "Green Office", "Automation Guild", "Book Club",
    "Customer Stories", "Lean Practice", "Remote Work", "Accessibility Network", "Ask an Expert",
)  # fmt: skip
MODULES = ("Introduction", "Key ideas", "A worked case", "Practice", "Check yourself", "Going further")

_OPENINGS = (
    "How do you handle {} in your team?", "A small success with {}", "Stuck on {}", "Notes from our week on {}",
    "What surprised you about {}?", "Looking for examples of {}", "{}: what we tried", "Which tool for {}?",
)  # fmt: skip
_ANSWERS = (
    "We had the same with {}; a short checklist helped most.", "Could you say more about your case of {}?",
    "For {} I would start with the people who do it every day.", "Thank you, this makes {} much clearer to me.",
    "I see {} differently: we measured it for a month first.", "Let us try that for {} and report back on Friday.",
    "There is a good walkthrough on {} in unit three.", "Our depot solved {} with a whiteboard and ten minutes a day.",
)  # fmt: skip
_REMARKS = (
    "Clear structure; add one concrete example.", "Good progress since last time.", "Try it once without the slides.",
    "Name the risk first, then the plan.", "Strong ending. The middle can be shorter.",
)  # fmt: skip


def full_names(count: int, rng: Random) -> list[str]:
    """Return `count` different names; beyond the pairs of first and last name a middle initial tells them apart."""
    pairs = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    rng.shuffle(pairs)
    names = []
    for number in range(count):
        turn, position = divmod(number, len(pairs))
        first, last = pairs[position]
        names.append(f"{first} {_initials(turn)}{last}")
    return names


def _initials(turn: int) -> str:
    initials = ""
    while turn:
        turn, letter = divmod(turn - 1, 26)
        initials = f"{chr(65 + letter)}. {initials}"
    return initials


def opening(topic: str, rng: Random) -> str:
    """Return the title of a thread."""
    return rng.choice(_OPENINGS).format(topic.lower())


def answer(topic: str, rng: Random) -> str:
    """Return the text of a reply."""
    return rng.choice(_ANSWERS).format(topic.lower())


def remark(rng: Random) -> str:
    """Return the text of a mentor's feedback."""
    return rng.choice(_REMARKS)
