"""The vocabulary of titles: words that say whose figures a table holds and of what nature, as `plain` leaves them."""

PARTS = (
    r"thi xa|tx|thi tran|huyen|quan|(?<!dia )phuong|xa(?! hoi)|thon|cum cong nghiep|ccn|khu cong nghiep|khu cn|kcn"
    r"|khu kinh te|kkt|khu che xuat|khu cong nghe|khu vuc|lang nghe|fdi|dtnn|doanh nghiep|dn|cong ty|von dau tu"
    r"|nuoc ngoai|nha nuoc|tu nhan|ngoai quoc doanh|trung uong|(?<!theo )dia phuong(?! \.)|khoi|loai hinh"
    r"|thanh phan|ho tro|phu tro|che bien"
    r"|che tao|khai khoang|khai thac|dien tu|phan phoi dien|cung cap nuoc|vung|mien (?:bac|trung|nam)|dong bang"
    r"|trung du|trong diem|tru|ngoai tru|khong (?:ke|bao gom|tinh)|rieng|cu"
    r"|truoc (?:khi )?(?:sap nhap|hop nhat)|samsung|(?:cac|nhieu|mot so) tinh"
    r"|(?<!thang )(?<!quy )\d{1,2} tinh(?! \.)|(?:h|q|p) (?!i+\b)[a-z]{2,}"
    r"|districts?|towns?|wards?|communes?|parks?|zones?|clusters?|enterprises?|companies|foreign|state|private"
    r"|supporting|manufacturing|mining|processing|electronics?|regions?|delta|excluding|except|former|old"
)
"""Words that make a title speak of less than a whole province or of less than its whole industry."""
PLACES = (
    r"thi xa|thi tran|huyen|quan|phuong|xa(?! hoi)|cum cong nghiep|ccn|khu cong nghiep|kcn|khu kinh te|khu che xuat"
    r"|districts?|industrial parks?|industrial zones?"
)
"""Those of them that are places: an office of one stands above its own figures."""
OTHER_CITY = r"\b(?:thanh pho|tp)\b(?! \.)(?: (?!thang\b)\S+){1,2}|(?<!\. )\bcity\b"
"""A city that is no territory: thành phố Từ Sơn."""
MARKED = {
    "quan": "quận", "phuong": "phường", "xa": "xã", "huyen": "huyện", "thon": "thôn", "vung": "vùng", "cu": "cũ",
    "tru": "trừ", "rieng": "riêng",
}  # fmt: skip
"""Short words as they are written where they are meant; with other marks they are other words."""
OFFICES = r"\b(?:so|phong|ban|vu|cuc|bo) ke hoach\b"
LONGEST_LINE = 16
"""Words of a line that names an office or a report; longer ones are prose."""
NATURES = (
    r"ke hoach|muc tieu|chi tieu|phan dau|nhiem vu|kich ban|ca nam|mua vu|thoi vu|dong gop|ty trong|ti trong|co cau"
    r"|quyen so|diem phan tram|diem %|gia tri|doanh thu|gia so sanh|chi so gia|nang suat|"
    r"plans?|planned|targets?|scenario|seasonal(?:ly)?|adjusted|contributions?|shares?|structure|weights?"
    r"|percentage points?|value|prices?"
)
"""Words that make figures something other than published rates of change."""
FORECASTS = r"du bao|du kien|du tinh|du doan|forecasts?|projected|projections?|expected"
EXPLAINED = (
    r"chi so (?:phat trien )?(?:san xuat (?:cua )?(?:toan )?(?:nganh )?cong nghiep|sxcn"
    r"|sx (?:nganh )?cong nghiep|sx cn)",
    r"toc do (?:tang truong|tang giam|tang|phat trien)|ty le (?:tang giam|tang)|muc (?:tang giam|tang)|\biip\b",
    r"ind(?:ex|ices)(?:es)?(?: of)?(?: the)? industrial product(?:ion)?|industrial production ind(?:ex|ices)(?:es)?",
    r"phan theo (?:nganh(?: kinh te| cong nghiep)?(?: cap (?:i|ii|1|2))*|dia phuong|thang|quy|tinh)"
    r"|by (?:industry|province|month)",
    r"chi so (?:su dung )?lao dong(?: cua| trong)?(?: cac)?(?: doanh nghiep)?(?: nganh)?(?: cong nghiep)?",
    r"(?:chi so )?(?:tieu thu|ton kho)(?: (?:va|cua|san pham))*(?: (?:nganh|toan nganh))?(?: cong nghiep)?"
    r"(?: che bien che tao)?",
    r"(?:thang|quy) \S+(?: \S+)? va ca nam(?= 20\d\d)",
    r"so voi (?:cung ky|cung thoi diem|thang|nam|goc)(?: nam)?(?: truoc)?|cung ky",
    r"(?:thoi diem )?\b\d{1,2}/\d{1,2}(?:/20\d\d)?|nam 20\d\d|thang (?:bao cao|\S+)|quy [ivx\d]+"
    r"|\S+ thang dau|don vi(?: tinh)?",
    r"20\d\d 100|phan tram|ty so|ty le|tiep theo|so bo|chinh thuc|uoc tinh|uoc|thuc hien|tinh chung|luy ke|cong don",
    FORECASTS,
    r"dau nam|cuoi nam|ca nuoc|toan quoc|whole country|toan tinh|tren dia ban|dia ban"
    r"|sau (?:khi )?(?:sap nhap|hop nhat)",
)  # fmt: skip
SMALL_WORDS = frozenset((
    "bieu", "bang", "phu", "luc", "so", "muc", "table", "annex", "appendix", "tinh", "thanh", "pho", "tp", "t",
    "cua", "va", "cac", "tai", "o", "nam", "thang", "quy", "qui", "den", "tu", "het", "nganh", "cong", "nghiep",
    "theo", "tang", "giam", "moi", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "mot", "hai", "ba",
    "bon", "sau", "bay", "tam", "chin", "muoi", "gieng", "chap", "a", "b", "c", "d", "the", "of", "in", "for",
    "and", "by", "to", "city", "province", "provincial", "month", "months", "monthly", "year", "quarter", "first",
    "same", "period", "last", "previous", "compared", "with", "over", "january", "february", "march", "april",
    "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr",
    "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "one", "two", "three", "four", "five", "six", "seven",
    "eight", "nine", "ten", "eleven", "twelve", "percent", "unit",
))  # fmt: skip
"""Words that name no place and no other nature of figures: what is left beside them has to be explained."""
NATIONAL_NAMES = ("ca nuoc", "toan quoc", "whole country")
