Attribute VB_Name = "Ribbon"
Option Explicit

' All there is between a button and Python: the button's id, handed on as it is.
' Text that an officer reads stands in cells of the workbook, under names say_*; this source is ASCII.

' Every button of the tab.
Public Sub PressButton(control As IRibbonControl)
    Press control.Id
End Sub

' Every button of the first sheet: the id stands in the first cell of the button's row.
Public Sub PressSheetButton()
    Dim row As Long
    row = ActiveSheet.Shapes(Application.Caller).TopLeftCell.Row
    Press CStr(ActiveSheet.Cells(row, 1).Value)
End Sub

Private Sub Press(id As String)
    If id = "services" Then
        OpenServices
        Exit Sub
    End If
    On Error GoTo Failed
    If RunPython("import tuijie_xl.live; tuijie_xl.live.press('" & id & "')") = -1 Then Tell "say_run_failed"
    Exit Sub
Failed:
    Tell "say_run_failed", Err.Description
End Sub

' The text of a named cell in a dialog; detail is what Windows or Excel said, in its own words.
Public Sub Tell(text As String, Optional detail As String)
    Dim message As String
    message = CStr(ThisWorkbook.Names(text).RefersToRange.Value)
    If detail <> "" Then message = message & vbCrLf & vbCrLf & detail
    MsgBox message, vbExclamation, CStr(ThisWorkbook.Names("say_title").RefersToRange.Value)
End Sub
