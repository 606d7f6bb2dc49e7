# What `make setup` does elsewhere: .venv with the pinned packages and the project in it (.venv\Scripts\bn-analysis.exe),
# and the task that runs the month every morning, logged on or not. In the project folder, as administrator:
#   powershell -ExecutionPolicy Bypass -File deploy\windows\setup.ps1
param([string]$Python = "python")
$ErrorActionPreference = "Stop"
$project = (Resolve-Path (Join-Path $PSScriptRoot "..\..")).Path
Set-Location $project

function Invoke-Step([string]$Program, [string[]]$Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $Arguments ended with exit code $LASTEXITCODE" }
}

Invoke-Step $Python @("-c", "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed')")
Invoke-Step $Python @("-m", "venv", ".venv")
$venv = Join-Path $project ".venv\Scripts\python.exe"
$pip = @("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
Invoke-Step $venv ($pip + @("--require-hashes", "--requirement", "requirements.lock"))
Invoke-Step $venv ($pip + @("--no-deps", "--no-build-isolation", "--editable", "."))

$escape = [System.Security.SecurityElement]
$xml = (Get-Content (Join-Path $PSScriptRoot "bn-analysis.xml") -Raw)
$xml = $xml.Replace("%USERDOMAIN%\%USERNAME%", $escape::Escape("$env:USERDOMAIN\$env:USERNAME"))
$xml = $xml.Replace("%USERPROFILE%\bn-analysis", $escape::Escape($project))
Register-ScheduledTask -TaskName "bn-analysis" -Xml $xml -Force | Out-Null
Invoke-Step (Join-Path $project ".venv\Scripts\bn-analysis.exe") @("check")
