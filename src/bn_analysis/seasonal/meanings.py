"""A diagnostic and its grade → the sentence that says what it means, in Vietnamese and in English."""

from collections.abc import Mapping

SUBJECTS: Mapping[str, tuple[str, str]] = {
    "m1": ("Phần bất thường trong biến động ba tháng", "Irregular in changes over three months"),
    "m2": ("Phần bất thường trong biến động quanh xu thế", "Irregular in movements around the trend"),
    "m3": (
        "Thay đổi từng tháng của phần bất thường so với xu thế",
        "Monthly change of the irregular against the trend",
    ),
    "m4": ("Tương quan chuỗi của phần bất thường", "Autocorrelation of the irregular"),
    "m5": ("Số tháng để xu thế lấn át phần bất thường", "Months until the trend outweighs the irregular"),
    "m6": ("Thay đổi hằng năm của phần bất thường so với mùa vụ", "Yearly change of the irregular against the season"),
    "m7": ("Mùa vụ ổn định so với mùa vụ thay đổi", "Stable against moving seasonality"),
    "m8": ("Dao động của hệ số mùa vụ", "Fluctuation of the seasonal factors"),
    "m9": ("Xu hướng thay đổi của hệ số mùa vụ", "Drift of the seasonal factors"),
    "m10": ("Dao động của hệ số mùa vụ những năm gần đây", "Fluctuation of the seasonal factors in recent years"),
    "m11": ("Xu hướng thay đổi của hệ số mùa vụ những năm gần đây", "Drift of the seasonal factors in recent years"),
    "q": ("Chất lượng chung (Q)", "Overall quality (Q)"),
    "q_m2": ("Chất lượng chung không kể M2 (Q−M2)", "Overall quality without M2 (Q−M2)"),
    "stable_seasonality_p": ("Chuỗi gốc đã bỏ Tết và lịch", "Original series without Tết and calendar"),
    "qs_adjusted_p": ("Chuỗi đã điều chỉnh", "Adjusted series"),
    "qs_adjusted_8y_p": ("Chuỗi đã điều chỉnh, tám năm cuối", "Adjusted series, last eight years"),
    "qs_irregular_p": ("Phần bất thường", "Irregular"),
    "qs_irregular_8y_p": ("Phần bất thường, tám năm cuối", "Irregular, last eight years"),
    "residual_seasonality_p": ("Cả chuỗi", "Whole series"),
    "residual_seasonality_3y_p": ("Ba năm cuối", "Last three years"),
    "residual_trading_day_p": ("Tám năm cuối", "Last eight years"),
    "peaks_seasonal": ("Tần số mùa vụ", "Seasonal frequencies"),
    "peaks_trading_day": ("Tần số ngày làm việc", "Trading-day frequencies"),
    "outlier_share": ("Tháng bất thường", "Outliers"),
    "spans_seasonal": ("Hệ số mùa vụ", "Seasonal factors"),
    "spans_changes": ("Biến động tháng sau điều chỉnh", "Adjusted monthly changes"),
}

MEANINGS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "m": {
        "good": ("Đạt yêu cầu.", "The requirement is met."),
        "uncertain": ("Hơi vượt ngưỡng; nên xem lại.", "Slightly over the limit; look again."),
        "bad": ("Vượt ngưỡng; kết quả điều chỉnh kém tin cậy.", "Over the limit; the adjustment is less reliable."),
    },
    "original": {
        "good": ("Có tính mùa vụ rõ rệt.", "It is clearly seasonal."),
        "uncertain": ("Tính mùa vụ chưa thật rõ.", "Its seasonality is not certain."),
        "bad": (
            "Không thấy tính mùa vụ; có thể không cần điều chỉnh.",
            "No seasonality is found; it may need no adjustment.",
        ),
    },
    "qs": {
        "good": ("Không còn tính mùa vụ sau điều chỉnh.", "No seasonality is left after adjustment."),
        "uncertain": ("Có thể còn sót tính mùa vụ.", "Some seasonality may be left."),
        "bad": ("Vẫn còn tính mùa vụ sau điều chỉnh.", "Seasonality is left after adjustment."),
    },
    "seasonality": {
        "good": (
            "Kiểm định F không thấy mùa vụ trong chuỗi đã điều chỉnh.",
            "The F test finds no seasonality in the adjusted series.",
        ),
        "uncertain": (
            "Kiểm định F thấy dấu hiệu mùa vụ yếu trong chuỗi đã điều chỉnh.",
            "The F test finds weak signs of seasonality in the adjusted series.",
        ),
        "bad": (
            "Kiểm định F thấy mùa vụ trong chuỗi đã điều chỉnh.",
            "The F test finds seasonality in the adjusted series.",
        ),
    },
    "trading_day": {
        "good": ("Không còn ảnh hưởng của ngày trong tuần.", "No trading-day effect is left."),
        "uncertain": ("Có thể còn ảnh hưởng của ngày trong tuần.", "A trading-day effect may be left."),
        "bad": ("Vẫn còn ảnh hưởng của ngày trong tuần.", "A trading-day effect is left."),
    },
    "peaks": {
        "good": (
            "Phổ không có đỉnh ở tần số mùa vụ hay tần số ngày làm việc.",
            "The spectra show no seasonal or trading-day peak.",
        ),
        "uncertain": ("Phổ có đỉnh đáng chú ý.", "The spectra show a visible peak."),
    },
    "outliers": {
        "good": ("Ít tháng bất thường.", "Few months are outliers."),
        "uncertain": ("Khá nhiều tháng bất thường.", "Rather many months are outliers."),
        "bad": (
            "Quá nhiều tháng bất thường; mô hình mô tả chuỗi kém.",
            "Too many outliers; the model describes the series poorly.",
        ),
    },
    "spans": {
        "good": ("Kết quả ổn định khi thay đổi khoảng số liệu.", "The result is stable when the span of data changes."),
        "uncertain": (
            "Kết quả hơi thay đổi theo khoảng số liệu.",
            "The result changes somewhat with the span of data.",
        ),
        "bad": (
            "Kết quả không ổn định khi thay đổi khoảng số liệu.",
            "The result is unstable when the span of data changes.",
        ),
    },
}


def meaning(code: str, family: str, grade: str) -> tuple[str, str]:
    """Sentence on a grade, Vietnamese and English: what was looked at, then what was found."""
    (subject_vi, subject_en), (found_vi, found_en) = SUBJECTS[code], MEANINGS[family][grade]
    return f"{subject_vi}: {_lower(found_vi)}", f"{subject_en}: {_lower(found_en)}"


def _lower(sentence: str) -> str:
    """First letter small, unless it is a name such as X-11."""
    return sentence if sentence[1:2] == "-" else sentence[0].lower() + sentence[1:]
