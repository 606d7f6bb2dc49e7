"""Why a figure of a text is passed over, in Vietnamese and English."""

REASONS = {
    "word": ("không hiểu “{}”", "“{}” is not understood"),
    "plan": ("kế hoạch hoặc mục tiêu: “{}”", "a plan or target: “{}”"),
    "nature": ("không phải tốc độ tăng như công bố: “{}”", "not a published rate of change: “{}”"),
    "part": ("chỉ là một phần hoặc một vùng: “{}”", "a part or a region only: “{}”"),
    "negation": ("có từ phủ định “{}”", "negated by “{}”"),
    "perhaps": ("chỉ là giả định: “{}”", "a supposition only: “{}”"),
    "will": ("nói về điều sẽ xảy ra: “{}”", "speaks of what will be: “{}”"),
    "about": ("không chính xác: “{}”", "not exact: “{}”"),
    "range": ("một khoảng, không phải một số", "a range, not one figure"),
    "share": ("phần đóng góp hoặc tỷ trọng: “{}”", "a contribution or share: “{}”"),
    "beside": ("số của nơi hoặc kỳ khác, nêu để so sánh", "the figure of another place or time, named to compare"),
    "points": ("điểm phần trăm, không phải tốc độ", "percentage points, no rate"),
    "because": ("nằm trong lời giải thích", "stands in an explanation"),
    "other": ("không phải chỉ số ở đây: “{}”", "no index of this project: “{}”"),
    "no_index": ("không nói rõ là chỉ số nào", "which index, is not said"),
    "subjects": ("một số cho nhiều đối tượng", "one figure for several subjects"),
    "subject": ("không rõ số này của ngành hay nơi nào", "whose figure it is, is not said"),
    "place": ("không rõ của nơi nào", "the place is not said"),
    "places": ("không rõ của nơi nào trong các nơi được nhắc đến", "which of the places named, is not said"),
    "former": ("không có nơi này với địa giới của tháng {}", "no such territory with the borders of {}"),
    "borders": ("không rõ địa giới cũ hay mới cho tháng {}", "old or new borders for {}, is not said"),
    "direction": ("không rõ tăng hay giảm", "up or down is not said"),
    "contrary": ("“{}” và dấu trái ngược nhau", "“{}” and the sign contradict each other"),
    "directions": ("hai từ chỉ chiều: “{}”", "two words of direction: “{}”"),
    "ratio": ("không rõ là tỷ lệ hay mức tăng", "a ratio or a change, is not said"),
    "multiple": ("số lần làm tròn, không chính xác", "a rounded multiple, not exact"),
    "spans": ("nói đến nhiều kỳ: “{}”", "several periods are named: “{}”"),
    "span": ("không rõ của kỳ nào", "the period is not said"),
    "cumulative": ("“lũy kế” mà kỳ là một tháng", "called cumulative, but of one month"),
    "year": ("không rõ năm nào", "the year is not said"),
    "later": ("kỳ {} sau tháng báo cáo mà không nói là dự kiến", "{} is after the month reported, and no forecast"),
    "past": ("dự kiến cho kỳ đã qua, {}", "a forecast for {}, which is past"),
    "against": ("không hiểu gốc so sánh", "the base of comparison is not understood"),
    "base": ("gốc so sánh không phải tháng trước hay cùng kỳ năm trước", "the base is no month or year before"),
    "bases": ("hai gốc so sánh cho một số", "two bases for one figure"),
    "contradiction": ("văn bản nói hai giá trị khác nhau", "the text states two different values"),
    "extreme": ("ngoài khoảng có thể có", "outside what is possible"),
}  # fmt: skip


class Unread(Exception):  # noqa: N818 - no error: a figure that the rules do not let through
    """A figure that is passed over: a key of `REASONS`, and the word it is about."""

    def __init__(self, key: str, word: str = "") -> None:
        vi, en = REASONS[key]
        super().__init__(f"{vi.format(word)} ({en.format(word)})")
        self.key = key
