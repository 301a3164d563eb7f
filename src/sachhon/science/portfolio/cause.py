"""Why an option is in or out, as a sentence in Vietnamese and English."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from sachhon.science.phrases import comma
from sachhon.science.portfolio.model import Limit
from sachhon.science.portfolio.order import Order
from sachhon.science.portfolio.rise import Rise
from sachhon.science.portfolio.widening import Widening
from sachhon.science.portfolio.words import SAME, limit_name, number, places


class Cause(StrEnum):
    """Why an option is in or out."""

    CHOSEN = "chosen"
    FORCED = "forced"
    FOR_TARGET = "for_target"
    FOR_OTHERS = "for_others"
    FORBIDDEN = "forbidden"
    IMPOSSIBLE = "impossible"
    EXCLUDED = "excluded"
    PREREQUISITE = "prerequisite"
    HEDGE = "hedge"
    NOT_WORTH = "not_worth"
    RISK = "risk"
    BREAKS_TARGET = "breaks_target"
    OVERLAP = "overlap"
    DOES_NOT_FIT = "does_not_fit"
    OTHERS_BETTER = "others_better"


@dataclass(frozen=True)
class Reason:
    """Why one option is in or out.

    worth : its aim, on its own, the mean over scenarios; net : less the price of what it uses; others : codes of the
    options that keep it out, need it or come with it; limit, missing : the limit it does not fit and by how much,
    beside those chosen or with what it requires alone, or the scarcest it would use; wider : how far that limit must
    grow for a best choice to hold it, None where there are too many options to tell; tail : what it changes in the bad
    tail of the scenarios beside the others chosen; rise : of its worth (in every scenario) that would bring it in,
    where worth decides; orders : what it requires but cannot wait for.
    """

    code: str
    cause: Cause
    worth: float
    net: float
    others: tuple[str, ...] = ()
    limit: Limit | None = None
    missing: float = 0.0
    rise: Rise | None = None
    tail: float = 0.0
    wider: Widening | None = None
    orders: tuple[Order, ...] = ()

    def sentence(self, lang: str = "vi") -> str:
        """In Vietnamese ("vi") or English ("en")."""
        worth, short, tail = (number(x, lang) for x in (self.worth, self.missing, abs(self.tail)))
        name = limit_name(self.limit, lang) if self.limit else ""
        limit = name
        names = ", ".join(self.others)
        rise = _rise_words(self.rise, lang) if self.rise else ""
        wider = _wider_words(self.wider, lang)
        late = [one.sentence(lang) for one in self.orders]
        words = {
            Cause.CHOSEN: (
                f"{self.code} được chọn: giá trị {worth}, nằm trong tập tốt nhất tìm được trong giới hạn.",
                f"{self.code} is in: worth {worth}, one of the best set found within the limits.",
            ),
            Cause.FORCED: (f"{self.code} được chọn vì bắt buộc.", f"{self.code} is in because it must be."),
            Cause.FOR_TARGET: (
                f"{self.code} được chọn để đạt {name}, dù bản thân có giá trị {worth}.",
                f"{self.code} is in for the {name}, though its own worth is {worth}.",
            ),
            Cause.FOR_OTHERS: (
                f"{self.code} (giá trị {worth}) được chọn vì giải pháp được chọn khác cần hoặc hợp với nó: {names}.",
                f"{self.code} (worth {worth}) is in because other chosen options need it or go with it: {names}.",
            ),
            Cause.HEDGE: (
                f"{self.code} được chọn dù giá trị trung bình chỉ {worth}: trong các kịch bản xấu, có nó thì "
                f"khá hơn {tail}.",
                f"{self.code} is in though worth only {worth} on the average: in the bad scenarios it makes the choice "
                f"{tail} better.",
            ),
            Cause.FORBIDDEN: (f"{self.code} bị loại theo yêu cầu.", f"{self.code} was ruled out."),
            Cause.IMPOSSIBLE: (
                f"{self.code} (giá trị {worth}) bị loại vì trình tự: {'; '.join(late)}."
                if late
                else f"{self.code} (giá trị {worth}) bị loại vì cả {comma(limit)} cũng không đủ"
                f"{f' cho nó cùng những gì nó cần ({names})' if names else ''}: thiếu {short}; "
                "giá trị cao đến đâu cũng không chọn được, phải nới giới hạn hoặc giảm nhu cầu của giải pháp."
                if limit
                else f"{self.code} (giá trị {worth}) bị loại vì không lựa chọn nào trong các giới hạn chứa được nó, "
                "dù giá trị cao đến đâu.",
                f"{self.code} (worth {worth}) is out for the order: {'; '.join(late)}."
                if late
                else f"{self.code} (worth {worth}) is out: "
                f"{f'with what it requires ({names}) it' if names else 'it'} needs more than the whole {limit}, "
                f"{short} beyond it; "
                "no worth would bring it in, only a wider limit or a smaller need."
                if limit
                else f"{self.code} (worth {worth}) is out: no choice within the limits holds it, whatever its worth.",
            ),
            Cause.EXCLUDED: (
                f"{self.code} bị loại vì chỉ chọn được một trong nhóm, và {names} có lợi hơn; "
                f"bỏ {names} thì mới xét được.",
                f"{self.code} is out: only one of its group can be, and {names} serves better; "
                f"it would need {names} out.",
            ),
            Cause.PREREQUISITE: (
                f"{self.code} bị loại vì cần {names}, mà giải pháp đó không được chọn; xem lý do của {names}.",
                f"{self.code} is out: it needs {names}, which is not chosen; see the reason of {names}.",
            ),
            Cause.NOT_WORTH: (
                f"{self.code} bị loại vì không có lợi: giá trị {worth}; {rise}.",
                f"{self.code} is out: it does not pay, worth {worth}; {rise}.",
            ),
            Cause.RISK: (
                f"{self.code} (giá trị trung bình {worth}) bị loại vì rủi ro: trong các kịch bản xấu, có nó thì kém đi "
                f"{tail}, nhiều hơn phần lợi trung bình; {rise}.",
                f"{self.code} (worth {worth} on the average) is out for its risk: in the bad scenarios the choice "
                f"would be {tail} worse with it, more than it gains on the average; {rise}.",
            ),
            Cause.BREAKS_TARGET: (
                f"{self.code} (giá trị {worth}) bị loại vì dùng thêm tài nguyên: có nó thì {name} thiếu {short}; "
                f"giải pháp khác phải tiết kiệm bù chừng đó; {rise}.",
                f"{self.code} (worth {worth}) is out: it uses more of the resource, the {name} would be missed by "
                f"{short}; others would have to save as much more; {rise}.",
            ),
            Cause.OVERLAP: (
                f"{self.code} (giá trị {worth} nếu riêng một mình) bị loại vì chồng lấn với {names}, "
                f"đã tiết kiệm phần lớn chỗ đó; {rise}.",
                f"{self.code} (worth {worth} on its own) is out: it overlaps with {names}, which already save much "
                f"of the same; {rise}.",
            ),
            Cause.DOES_NOT_FIT: (
                f"{self.code} (giá trị {worth}) bị loại vì {comma(limit)} không đủ cho nó cùng những giải pháp đã "
                f"chọn: thiếu {short}; {wider}.",
                f"{self.code} (worth {worth}) is out: beside those chosen it does not fit the {limit}, {short} is "
                f"missing; {wider}.",
            ),
            Cause.OTHERS_BETTER: (
                f"{self.code} (giá trị {worth}) bị loại vì giải pháp khác dùng nguồn lực khan hiếm"
                f"{f' ({comma(limit)})' if limit else ''} tốt hơn; {rise}.",
                f"{self.code} (worth {worth}) is out: others use the scarce means"
                f"{f' ({limit})' if limit else ''} better; {rise}.",
            ),
        }
        return words[self.cause][0 if lang == "vi" else 1]


def _enough(amount: float, digits: int) -> float:
    """With so many decimals, rounded up so that the figure told is enough, unless the nearest is the same figure."""
    nearest = round(amount, digits)
    return nearest if nearest >= amount * (1 - SAME) else math.ceil(10**digits * amount) / 10**digits


def _wider_words(wider: Widening | None, lang: str) -> str:
    """How far the limit must grow."""
    if wider is None:
        return (
            "cần thêm bao nhiêu còn tùy các giải pháp khác khi đó vào hay ra"
            if lang == "vi"
            else "how much more it takes depends on the others that would then come in or go"
        )
    if wider.more <= 0:
        return (
            "có lựa chọn khác chứa nó mà mục tiêu cũng bằng thế"
            if lang == "vi"
            else "there is another choice that holds it and is worth as much"
        )
    digits = places(wider.more)
    rise = _enough(wider.more, digits)
    whole = _enough(wider.limit.amount + rise, digits)  # of the figure told before it, so that the two add up
    more, amount = number(rise, lang, digits), number(whole, lang, digits)
    return (
        f"giới hạn đó tăng thêm {more} (thành {amount}) thì được chọn"
        if lang == "vi"
        else f"it comes in once that limit grows by {more}, to {amount}"
    )


def _rise_words(rise: Rise, lang: str) -> str:
    """What its worth must do."""
    digits = places(rise.amount)
    amount = number(_enough(rise.amount, digits), lang, digits)
    if lang == "vi":
        if rise.amount <= 0 and not rise.proven:
            return "giá trị phải tăng thêm mới được chọn"
        return f"giá trị phải tăng ít nhất {amount}" + (
            " mới được chọn" if rise.proven else ", có thể phải nhiều hơn"
        )
    if rise.amount <= 0 and not rise.proven:
        return "its worth would have to rise"
    return (
        f"its worth would have to rise by {amount} or more"
        if rise.proven
        else f"its worth would have to rise by at least {amount}, perhaps by more"
    )
