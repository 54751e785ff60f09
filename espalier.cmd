@echo off
rem Starts Espalier. In a source tree it builds first, on first use only: after a change of the sources run
rem   mvnw -q -DskipTests package
rem In an assembled folder (where lib\ lies beside it) it only starts Java.
rem
rem   JAVA_HOME            the Java to use; without it, the java on the PATH. A folder with a runtime\ of its own uses that
rem   ESPALIER_JAVA_OPTS   further options for the JVM, for instance -Xmx8g
setlocal

set "ROOT=%~dp0"
set "ROOT=%ROOT:~0,-1%"

set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if exist "%ROOT%\runtime\bin\java.exe" set "JAVA=%ROOT%\runtime\bin\java"
"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
    echo espalier: no Java found; install a JDK 17 or newer, or point JAVA_HOME at one 1>&2
    exit /b 1
)
set "VERSION="
for /f "tokens=3" %%v in ('""%JAVA%" -version 2>&1 ^| findstr /c:" version ""' ) do if not defined VERSION set "VERSION=%%~v"
for /f "tokens=1 delims=.-+" %%m in ("%VERSION%") do set "MAJOR=%%m"
if %MAJOR% LSS 17 (
    echo espalier: Java 17 or newer is needed, but this one is version %VERSION%; point JAVA_HOME at a newer one 1>&2
    exit /b 1
)

set "DIST=%ROOT%"
if exist "%ROOT%\lib\" goto start

set "DIST=%ROOT%\framework-core\dist\target\espalier"
if exist "%DIST%\.built" goto start
echo espalier: first use, building (about a minute)... 1>&2
if not exist "%ROOT%\target" mkdir "%ROOT%\target"
pushd "%ROOT%"
call mvnw.cmd -q -B -ntp -Dmaven.test.skip=true package >"%ROOT%\target\espalier-build.log" 2>&1
set "BUILT=%ERRORLEVEL%"
popd
if not "%BUILT%"=="0" (
    type "%ROOT%\target\espalier-build.log" 1>&2
    echo espalier: the build failed; all it said is in %ROOT%\target\espalier-build.log 1>&2
    exit /b 1
)

:start
"%JAVA%" -XX:+UseSerialGC -Xshare:auto -Dfile.encoding=UTF-8 --enable-native-access=ALL-UNNAMED %ESPALIER_JAVA_OPTS% "-Despalier.home=%DIST%" -cp "%DIST%\lib\*" io.espalier.cli.Main %*
exit /b %ERRORLEVEL%
